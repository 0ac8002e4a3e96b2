"""An invitation as an iCalendar file (RFC 5545), which mail programs add to the reader's calendar."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress, vRecur, vText

from config import mailbox
from config.days.london import LONDON
from config.mail import Mail
from config.sittings import EventNews, Part
from tasks.messages.contexts import values
from tasks.messages.invitation.contexts import InvitationContext, SeriesView
from tasks.messages.kind import EventFile
from tasks.platform.templates import render_text
from tasks.platform.text import one_line

PRODID = "-//Casebeat//Joint reviews//EN"
_STANDARD, _SUMMER = timedelta(0), timedelta(hours=1)


def event_file(key: str, invitation: InvitationContext, mail: Mail, to: str, at: datetime) -> EventFile:
    """Build the event of a message. The message's `key` ends with the event's sequence; the rest identifies the event.

    A protective marking comes first in its description. The file contains no person's name, and only two addresses, as
    the protocol requires: the reader's and the sender's. A series is written whole each time: its rule, the days
    without a meeting, and each meeting that is otherwise as a component of its own.
    """
    cancelled = invitation.news is EventNews.CANCELLED
    method = "CANCEL" if cancelled else "REQUEST"
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(_london())
    master = _event(key, invitation, mail, to, at)
    calendar.add_component(master)
    if invitation.series:
        _recur(master, invitation.series)
        for ruled_at, meeting in () if cancelled else invitation.series.moved:
            other = replace(invitation, starts_at=meeting.starts_at, ends_at=meeting.ends_at, place=meeting.place)
            exception = _event(key, other, mail, to, at)
            exception.add("recurrence-id", ruled_at.astimezone(LONDON))
            calendar.add_component(exception)
    return EventFile(method, calendar.to_ical().decode())


def _event(key: str, invitation: InvitationContext, mail: Mail, to: str, at: datetime) -> Event:
    """Build one component: an event, a series, or an exception of one."""
    identity, _, sequence = key.rpartition(":")
    cancelled = invitation.news is EventNews.CANCELLED
    described = render_text("invitation/description.txt", values(invitation)).strip()
    event = Event()
    event.add("uid", f"{sha256(identity.encode()).hexdigest()[:40]}@{mailbox.domain_of(mail.from_address)}")
    event.add("dtstamp", at.astimezone(UTC))
    event.add("sequence", int(sequence))
    blocked = invitation.blocked or invitation
    event.add("dtstart", blocked.starts_at.astimezone(LONDON))
    event.add("dtend", blocked.ends_at.astimezone(LONDON))
    event.add("summary", one_line(render_text("invitation/summary.txt", values(invitation))))
    event.add("description", f"{mail.marking}\n{described}" if mail.marking else described)
    event.add("location", one_line(invitation.place))
    event.add("organizer", _person(mail.from_address, cn="Casebeat"))
    role = "CHAIR" if Part.CHAIR in invitation.parts else "REQ-PARTICIPANT"
    event.add("attendee", _person(to, cutype="INDIVIDUAL", role=role, partstat="NEEDS-ACTION", rsvp="FALSE"))
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    return event


def _recur(event: Event, series: SeriesView) -> None:
    """Add the rule, whose end is in UTC as RFC 5545 asks, and the days off, in the zone of the event's own time."""
    rule = vRecur.from_ical(series.rule)
    if series.until:
        rule["UNTIL"] = [series.until.astimezone(UTC)]
    event.add("rrule", rule)
    if series.off:
        event.add("exdate", [moment.astimezone(LONDON) for moment in series.off])


def _person(address: str, **parameters: str) -> vCalAddress:
    found = vCalAddress(f"mailto:{address}")
    found.params.update({name: vText(value) for name, value in parameters.items()})
    return found


def _london() -> Timezone:
    """Build London's time zone by the rules in force since 1996, in two components that all calendar programs read."""
    zone = Timezone()
    zone.add("tzid", LONDON.key)
    for part, month, hour, name, before, after in (
        (TimezoneDaylight(), 3, 1, "BST", _STANDARD, _SUMMER),
        (TimezoneStandard(), 10, 2, "GMT", _SUMMER, _STANDARD),
    ):
        part.add("dtstart", datetime(1996, month, 31 if month == 3 else 27, hour))  # noqa: DTZ001  local, see RFC 5545
        part.add("tzname", name)
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        part.add("rrule", vRecur({"freq": "yearly", "bymonth": month, "byday": "-1SU"}))
        zone.add_component(part)
    return zone

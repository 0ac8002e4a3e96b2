"""Events: an invitation as the calendar's own file (RFC 5545), which mail programs put into its reader's calendar."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress, vRecur, vText

from config import mailbox
from config.london import LONDON
from config.sittings import EventNews, Part
from tasks.messages import rendering
from tasks.messages.invitation.contexts import InvitationContext
from tasks.platform import text

PRODID = "-//Casebeat//Joint reviews//EN"
_STANDARD, _SUMMER = timedelta(0), timedelta(hours=1)


class EventFile(NamedTuple):
    """A calendar's file, and what it asks the calendar to do: REQUEST or CANCEL (RFC 5546)."""

    method: str
    ics: str


def event_file(key: str, said: InvitationContext, sender: str, to: str, at: datetime) -> EventFile:
    """The event that a message carries. `key`, the message's, ends in the event's sequence; the rest is its identity.

    It names no address but `to`, its reader's own, and the sender's, as the protocol demands; and no name.
    """
    identity, _, sequence = key.rpartition(":")
    cancelled = said.news is EventNews.CANCELLED
    method = "CANCEL" if cancelled else "REQUEST"
    event = Event()
    event.add("uid", f"{sha256(identity.encode()).hexdigest()[:40]}@{mailbox.domain_of(sender)}")
    event.add("dtstamp", at.astimezone(UTC))
    event.add("sequence", int(sequence))
    event.add("dtstart", said.starts_at.astimezone(LONDON))
    event.add("dtend", said.ends_at.astimezone(LONDON))
    event.add("summary", rendering.summary(said))
    event.add("description", rendering.description(said))
    event.add("location", text.one_line(said.place))
    event.add("organizer", _person(sender, cn="Casebeat"))
    role = "CHAIR" if Part.CHAIR in said.parts else "REQ-PARTICIPANT"
    event.add("attendee", _person(to, cutype="INDIVIDUAL", role=role, partstat="NEEDS-ACTION", rsvp="FALSE"))
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(_london())
    calendar.add_component(event)
    return EventFile(method, calendar.to_ical().decode())


def _person(address: str, **parameters: str) -> vCalAddress:
    found = vCalAddress(f"mailto:{address}")
    found.params.update({name: vText(value) for name, value in parameters.items()})
    return found


def _london() -> Timezone:
    """London's zone as the law has had it since 1996, in two lines that every calendar program reads."""
    zone = Timezone()
    zone.add("tzid", "Europe/London")
    for part, month, hour, name, before, after in (
        (TimezoneDaylight(), 3, 1, "BST", _STANDARD, _SUMMER),
        (TimezoneStandard(), 10, 2, "GMT", _SUMMER, _STANDARD),
    ):
        part.add("dtstart", datetime(1996, month, 31 if month == 3 else 27, hour))  # noqa: DTZ001  local, as RFC 5545 has it
        part.add("tzname", name)
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        part.add("rrule", vRecur({"freq": "yearly", "bymonth": month, "byday": "-1SU"}))
        zone.add_component(part)
    return zone

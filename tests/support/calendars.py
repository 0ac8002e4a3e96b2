"""Every reader's calendar, kept from the letters that a server accepted, by RFC 5545 and 5546 only."""

import email
from datetime import datetime, timedelta
from email import policy
from email.message import EmailMessage
from typing import Any, Protocol

import vobject

from config.days.london import LONDON

FAR = datetime(2028, 1, 1, tzinfo=LONDON)


def read(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, policy=policy.default)


def components(letter: EmailMessage) -> tuple[str, list[Any]]:
    """The method and the events of a letter, read by `vobject`; the attached file is the same."""
    assert letter.get_content_type() == "multipart/mixed"
    alternative, attached = letter.iter_parts()
    assert [part.get_content_type() for part in alternative.iter_parts()] == [
        "text/plain", "text/html", "text/calendar",
    ]  # fmt: skip
    part = list(alternative.iter_parts())[-1]
    assert (attached.get_content_type(), attached.get_filename()) == ("application/ics", "invite.ics")
    calendar = vobject.readOne(part.get_content())
    assert attached.get_content().decode().split() == part.get_content().split()
    method = calendar.method.value
    assert part["Content-Type"].params == {"charset": "utf-8", "method": method}
    return method, calendar.vevent_list


def opened(letter: EmailMessage) -> tuple[str, Any]:
    """The method and the one event of a letter that is about one sitting."""
    method, events = components(letter)
    assert len(events) == 1
    return method, events[0]


def meetings(events: list[Any], until: datetime = FAR) -> list[tuple[datetime, datetime]]:
    """The meetings of an event, in order: of a series, by its rule, without the days off, and as they were moved."""
    (master,) = (one for one in events if not hasattr(one, "recurrence_id"))
    if not hasattr(master, "rrule"):
        return [(master.dtstart.value, master.dtend.value)]
    length = master.dtend.value.replace(tzinfo=None) - master.dtstart.value.replace(tzinfo=None)
    off = {_local(day) for each in master.contents.get("exdate", []) for day in each.value}
    by_rule = {}
    for moment in _rule(master):
        if moment > until.replace(tzinfo=None):
            break
        if moment not in off:
            by_rule[moment] = (_london(moment), _london(moment) + length)
    for one in events:
        if hasattr(one, "recurrence_id") and one.recurrence_id.value <= until:
            assert _local(one.recurrence_id.value) in by_rule, "an exception of no meeting"
            by_rule[_local(one.recurrence_id.value)] = (one.dtstart.value, one.dtend.value)
    return sorted(by_rule.values())


def _rule(master: Any) -> Any:
    """The moments of a rule in London's own hours: its end is given in UTC."""
    text = master.rrule.value
    parts = dict(part.split("=") for part in text.split(";"))
    until = parts.pop("UNTIL", None)
    start = _local(master.dtstart.value)
    found = vobject.icalendar.rrule.rrulestr(";".join("=".join(each) for each in parts.items()), dtstart=start)
    if until is None:
        return found
    assert until.endswith("Z")
    end = _local(datetime.strptime(until + "+0000", "%Y%m%dT%H%M%SZ%z"))
    return (moment for moment in found.between(start - timedelta(days=1), end, inc=True))


def _local(moment: datetime) -> datetime:
    return moment.astimezone(LONDON).replace(tzinfo=None)


def _london(moment: datetime) -> datetime:
    return moment.replace(tzinfo=LONDON)


class Post(Protocol):
    """What keeps the letters that it accepted."""

    accepted: list[bytes]


class Calendars:
    """Each letter replaces its event by its UID, and a cancellation takes it out; sequences only grow."""

    def __init__(self, post: Post) -> None:
        self._post, self._read = post, 0
        self.held: dict[str, dict[str, tuple[int, list[Any]]]] = {}

    def new(self) -> list[tuple[str, str, int]]:
        """Read the letters since the last call: reader, method and sequence, by reader."""
        found = []
        for raw in self._post.accepted[self._read :]:
            letter = read(raw)
            method, events = components(letter)
            (uid,) = {event.uid.value for event in events}
            (sequence,) = {int(event.sequence.value) for event in events}
            to = letter["To"].addresses[0].username
            found.append((to, method, sequence))
            box = self.held.setdefault(to, {})
            before = box.get(uid)
            assert before is None or sequence > before[0]
            if method == "CANCEL":
                assert before is not None
                del box[uid]
            else:
                box[uid] = (sequence, events)
        self._read = len(self._post.accepted)
        return sorted(found)

    def at(self, who: str, until: datetime = FAR) -> list[tuple[datetime, datetime]]:
        """A reader's meetings up to a moment. No meeting is there twice."""
        found = sorted(
            one for _, events in self.held.get(who, {}).values() for one in meetings(events, until) if one[0] <= until
        )
        assert len({starts for starts, _ in found}) == len(found), f"doubled: {found}"
        return found

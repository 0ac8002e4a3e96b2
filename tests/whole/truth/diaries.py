"""Everybody's calendar, as the calendar mails that they were sent leave it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, NamedTuple

from dateutil.rrule import rrulestr
from icalendar import Calendar

from config.days.london import LONDON

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.whole.truth.mails import Mail


class Event(NamedTuple):
    """One event of a calendar, or one day's exception to a series: London hours."""

    start: datetime
    end: datetime
    rule: str | None
    without: frozenset[datetime]
    cancelled: bool
    sequence: int


@dataclass
class Diary:
    """One person's events by UID, each with its exceptions by the moments that they replace."""

    events: dict[str, dict[datetime | None, Event]] = field(default_factory=lambda: defaultdict(dict))

    def take(self, calendar: Any) -> None:
        """Take what a mail brings. Of two forms of an event, the later counts."""
        cancelled = str(calendar.get("METHOD")) == "CANCEL"
        for part in calendar.walk("VEVENT"):
            replaced = _moment(part["RECURRENCE-ID"].dt) if "RECURRENCE-ID" in part else None
            event = _event(part, cancelled=cancelled)
            before = self.events[str(part["UID"])].get(replaced)
            if before is None or event.sequence >= before.sequence:
                self.events[str(part["UID"])][replaced] = event

    def on(self, day: date) -> list[Event]:
        """Give the events of a day that stand."""
        found = []
        for event in self.events.values():
            main = event.get(None)
            found += [other for moment, other in event.items() if moment and other.start.date() == day]
            if main and (main.rule is None or main.cancelled):
                found += [main] if main.start.date() == day else []
            elif main and _falls(main, day, set(event)):
                found.append(main)
        return [event for event in found if not event.cancelled]


def _falls(series: Event, day: date, replaced: set[datetime | None]) -> bool:
    """Return whether a series has an occurrence on a day that no exception replaces."""
    first = series.start.replace(tzinfo=None)
    rule = rrulestr(str(series.rule), dtstart=first, ignoretz=True)
    found = rule.between(datetime.combine(day, time()), datetime.combine(day, time.max), inc=True)
    moments = {moment.replace(tzinfo=LONDON) for moment in found}
    return bool(moments - series.without - replaced)


def _event(part: Any, *, cancelled: bool) -> Event:
    without = part.get("EXDATE", [])
    days = without if isinstance(without, list) else [without]
    return Event(
        _moment(part["DTSTART"].dt),
        _moment(part["DTEND"].dt),
        part["RRULE"].to_ical().decode() if "RRULE" in part else None,
        frozenset(_moment(each.dt) for several in days for each in several.dts),
        cancelled or str(part.get("STATUS")) == "CANCELLED",
        int(part.get("SEQUENCE", 0)),
    )


def _moment(found: datetime) -> datetime:
    return found.astimezone(LONDON)


def calendars(mails: Iterable[Mail]) -> Iterator[tuple[str, Any]]:
    """Give the calendar parts of mails, each with its reader's address."""
    for mail in mails:
        for _, content in mail.attached:
            if content.startswith("BEGIN:VCALENDAR"):
                yield mail.to, Calendar.from_ical(content)

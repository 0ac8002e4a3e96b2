"""The days of panels' sittings: RFC 5545 rules, moved off non-working days, at London times."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from config.duration import Duration, Unit
from config.london import at_london
from config.panels import Panel
from config.sittings import NonWorkingDay
from models.rules.calendar import LAST, OutsideCalendar, WorkingCalendar

_ROLL = Duration(0, Unit.WORKING_DAYS)
_ONE = Duration(1, Unit.WORKING_DAYS)


class Occurrence(NamedTuple):
    """One sitting by a panel's rule: the civil day in London, the moment in UTC, and the panel."""

    day: date
    starts_at: datetime
    panel: Panel


def occurrences(panels: Iterable[Panel], today: date, until: date, calendar: WorkingCalendar) -> list[Occurrence]:
    """List the sittings of one pair's panels after today, in time order: up to `until`, or each panel's own horizon.

    Two at the same moment become one, on the terms of the first panel. All of them lie within the calendar.
    """
    found: dict[datetime, Occurrence] = {}
    for panel in panels:
        for day in _days(panel, today, max(until, last_day(panel, today)), calendar):
            starts_at = at_london(day, panel.starts)
            found.setdefault(starts_at, Occurrence(day, starts_at, panel))
    return [found[moment] for moment in sorted(found)]


def last_day(panel: Panel, today: date) -> date:
    """Return the last day that a panel plans for: its horizon from today, or the calendar's end."""
    return min(LAST, today + timedelta(days=panel.horizon.number))


def _days(panel: Panel, today: date, last: date, calendar: WorkingCalendar) -> Iterator[date]:
    """Yield the days on which a panel sits, after today and up to `last`.

    A day by the rule on or before the last working day before today never moves beyond today.
    """
    for ruled in _ruled(panel, back(today, _ONE, calendar), last):
        if calendar.is_working(ruled):
            day = ruled
        elif panel.non_working_day is NonWorkingDay.SKIP:
            continue
        else:
            try:
                day = calendar.plus(ruled, _ROLL)
            except OutsideCalendar:
                return
        if today < day <= last:
            yield day


def _ruled(panel: Panel, after: date, last: date) -> Iterator[date]:
    """Yield the days of the rule itself, after one day and up to another, each once."""
    return (day for day in panel.days(last) if day > after)


def back(day: date, span: Duration, calendar: WorkingCalendar) -> date:
    """Return the day a span of working days or days before another; the first possible date if outside the calendar."""
    try:
        return calendar.plus(day, Duration(-span.number, span.unit))
    except OutsideCalendar:
        return date.min

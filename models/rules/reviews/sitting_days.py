"""The days of panels' sittings: RFC 5545 rules, moved off non-working days, at London times."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from config.days.duration import Duration, Unit
from config.days.london import at_london
from config.panels import Panel
from config.sittings import NonWorkingDay
from models.rules.calendar import LAST, OutsideCalendar, WorkingCalendar

_ROLL = Duration(0, Unit.WORKING_DAYS)
_ONE = Duration(1, Unit.WORKING_DAYS)


class Occurrence(NamedTuple):
    """One sitting by a panel's rule: the civil day in London, the moment in UTC, the panel, and its day by the rule."""

    day: date
    starts_at: datetime
    panel: Panel
    ruled_on: date


def occurrences(panels: Iterable[Panel], today: date, until: date, calendar: WorkingCalendar) -> list[Occurrence]:
    """List the sittings of one pair's panels after today, in time order: up to `until`, or each panel's own horizon.

    Two at the same moment become one, on the terms of the first panel. All of them lie within the calendar.
    """
    found: dict[datetime, Occurrence] = {}
    for panel in panels:
        for ruled_on, day in _days(panel, today, max(until, last_day(panel, today)), calendar):
            starts_at = at_london(day, panel.starts)
            if starts_at not in found or found[starts_at].panel is panel:  # of two days moved to one, the later is it
                found[starts_at] = Occurrence(day, starts_at, panel, ruled_on)
    return [found[moment] for moment in sorted(found)]


def exceptions(panel: Panel, after: date, last: date, calendar: WorkingCalendar) -> list[tuple[date, date | None]]:
    """List the days of a panel's rule that are not working days, each with the day of its sitting; None: skipped.

    Of several that fall together, and of one that falls on a day by the rule, only the latest has the sitting.
    """
    sits = {day: ruled_on for ruled_on, day in _days(panel, after, last, calendar)}
    at = {ruled_on: day for day, ruled_on in sits.items()}
    return [(ruled_on, at.get(ruled_on)) for ruled_on in _ruled(panel, after, last) if at.get(ruled_on) != ruled_on]


def last_day(panel: Panel, today: date) -> date:
    """Return the last day that a panel plans for: its horizon from today, or the calendar's end."""
    return min(LAST, today + timedelta(days=panel.horizon.number))


def _days(panel: Panel, today: date, last: date, calendar: WorkingCalendar) -> Iterator[tuple[date, date]]:
    """Yield each day by a panel's rule with the day on which it sits, after today and up to `last`.

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
            yield ruled, day


def _ruled(panel: Panel, after: date, last: date) -> Iterator[date]:
    """Yield the days of the rule itself, after one day and up to another, each once."""
    return (day for day in panel.days(last) if day > after)


def back(day: date, span: Duration, calendar: WorkingCalendar) -> date:
    """Return the day a span of working days or days before another; the first possible date if outside the calendar."""
    try:
        return calendar.plus(day, Duration(-span.number, span.unit))
    except OutsideCalendar:
        return date.min

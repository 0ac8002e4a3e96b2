"""A person's series: the event of a panel's sittings that recurs, with an exception for each that is otherwise."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from config.days.london import at_london, london_day
from config.days.recurrence import Timetable
from models.rules.reviews.events import Event, EventSeries, Occasion

RuledDays = Mapping[date, Occasion | None]  # coming days by the rule, each with the meeting that one person has of it


_MONTH = timedelta(days=31)


class SeriesTerms(NamedTuple):
    """A panel's rule and the days by it, beyond its sittings, on which none will be, or on another day."""

    timetable: Timetable
    ahead: tuple[tuple[date, date | None], ...] = ()


def planned(
    terms: SeriesTerms,
    base: Event | None,
    coming: RuledDays,
    at: datetime,
    usual: Occasion | None = None,
    *,
    goes_on: bool,
) -> Event | None:
    """Return the series that a person should have, from the one that they have. None if it has no meeting at all.

    `coming` are the days of the sittings planned now. What has been stays as it was, its hours for a
    month. If the person's part does not go on, the series ends with its last meeting. `usual` is the latest sitting
    with all its places: so are the meetings that are not planned yet.
    """
    present = [day for day, occasion in coming.items() if occasion]
    first = min([*present[:1], *([base.first_on] if base else [])], default=None)
    if first is None or (base is None and not present):
        return None
    latest = (usual or coming[present[-1]]) if present else base
    if latest is None:
        return None
    table = terms.timetable
    empty = Event(at_london(first, table.clock), latest.minutes, latest.place, series=EventSeries(table.rule, None))
    today = london_day(at)
    past = {day: base.on(day) if base else None for day in empty.days(today) if day not in coming}
    if not goes_on:
        last = max((day for day, occasion in {**past, **coming}.items() if occasion), default=None)
        return _with(empty, {**_exceptions(past, base, today), **coming}, last) if last else None
    found = {**_exceptions(past, base, today), **coming}
    for day, to in terms.ahead:
        found.setdefault(day, Occasion(at_london(to, table.clock), latest.minutes, latest.place) if to else None)
    return _with(empty, found, table.ends_on)


def _exceptions(past: RuledDays, base: Event | None, today: date) -> dict[date, Occasion | None]:
    """Return those of the past days that were not as the series says by itself: a month after it, not by its hours."""
    return {
        day: occasion
        for day, occasion in past.items()
        if occasion is None or base is None or not _alike(occasion, base.by_rule(day), over=day < today - _MONTH)
    }


def _alike(occasion: Occasion, ruled: Occasion, *, over: bool) -> bool:
    on_its_day = (london_day(occasion.starts_at), occasion.place) == (london_day(ruled.starts_at), ruled.place)
    return on_its_day if over else occasion == ruled


def _with(empty: Event, found: RuledDays, last: date | None) -> Event:
    """Put the exceptions into a series."""
    days = sorted(day for day in found if empty.first_on <= day <= (last or day))
    moved = ((day, occasion) for day in days if (occasion := found[day]) and occasion != empty.by_rule(day))
    off = tuple(day for day in days if found[day] is None)
    return empty._replace(series=EventSeries(empty.series.rule if empty.series else "", last, off, tuple(moved)))


def in_diary(wanted: Event, known: Iterable[Event | None], coming: RuledDays, at: datetime) -> Event:
    """Return one of the known series if its reader's diary shows the same by it for the planned sittings."""
    today = london_day(at)
    for event in known:
        if (
            event
            and event.series
            and all(event.on(day) == wanted.on(day) for day in coming)
            and _ends_alike(event, wanted, today)
        ):
            return event
    return wanted


def _ends_alike(one: Event, other: Event, today: date) -> bool:
    last, end = (event.series.last_on if event.series else None for event in (one, other))
    return last == end or (last is not None and end is not None and max(last, end) < today)

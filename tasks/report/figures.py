"""A month's figures of every place: counted from the book, or as they were kept."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection

from models.errors import Refuse
from models.queries.intake import source_columns
from models.queries.report import base, casework, duties, escalations, kept_figures, meetings, people, reaches, stalls
from models.queries.report.places import Figures, Period, ReportPlace, places_of_cases
from models.queries.report.reaches import SourceReach
from models.rules.arithmetic import format_day
from models.rules.obligations.first_day import INHERITING
from models.rules.report.months import Month, month_of
from tasks.platform import templates
from tasks.platform.configuration import Configuration
from tasks.report import own_days
from tasks.report.sight import MonthSight, PlaceSight, forces_of
from tasks.servers.database import transaction

ALL = ReportPlace()
MonthsKept = Callable[[int, int], None]  # progress: months so far, months in total


class MonthFigures(NamedTuple):
    """The figures of a month by place; a figure that a place lacks is zero there."""

    month: Month
    by_place: Mapping[ReportPlace, Figures]
    to_on: date  # the last day that is counted: the month's, or that which the extracts reach
    sight: Mapping[ReportPlace, PlaceSight] = {}
    counted: bool = True  # from the book as it is; false: as they were kept

    def of(self, place: ReportPlace) -> Figures:
        """Return the figures of a place."""
        return self.by_place.get(place, {})


def count(configuration: Configuration, connection: Connection, month: Month, today: date) -> MonthFigures:
    """Count a month's figures from the book as it is now. Raises Refuse for a month of which no day is over."""
    if month.first >= today:
        raise Refuse(f"No day of {month} is over: name an earlier month. Nothing was done.")
    yesterday = today - timedelta(days=1)
    reached = reaches.reaches(connection, month.first, month.last, today)
    period = _period(connection, month, yesterday, reached)
    if not any(one.in_month for one in reached):
        return _without_extracts(connection, month, period, reached)
    found: dict[ReportPlace, dict[str, Any]] = {ALL: {}}
    for rows in (
        *_counted(configuration, connection, period),
        own_days.counts(configuration, connection, period, own_days.SourceDays(yesterday, reached)),
    ):
        for place, numbers in rows.items():
            found.setdefault(place, {}).update(numbers)
    tables = {
        "kinds": meetings.actions_by_kind(connection, period, templates.names()["kinds"].keys()),
        "steps": escalations.by_step(connection, period, yesterday),
        "base": base.by_risk(connection, period, configuration.policy.harassment_in),
    }
    for name, rows in tables.items():
        for place, numbers in rows.items():
            found.setdefault(place, {}).update({f"{name}:{key}": number for key, number in numbers.items()})
    return MonthFigures(month, found, period.to_on, _sight(connection, found, reached, period.to_on))


def _period(connection: Connection, month: Month, yesterday: date, reached: Sequence[SourceReach]) -> Period:
    """Return the days that are counted, up to what the extracts reach, and the sources that sent one in the month."""
    told = [one for one in reached if one.in_month]
    days = [one.reach_on for one in told if one.reach_on]
    own = reaches.of_own(connection)
    sources = (*(one.id for one in told), *((own,) if own is not None else ()))
    return Period(month.first, max(min(month.last, yesterday, max(days, default=yesterday)), month.first), sources)


def _without_extracts(
    connection: Connection, month: Month, period: Period, reached: Sequence[SourceReach]
) -> MonthFigures:
    """Return a month of which nothing is known, with the places that have cases."""
    found: dict[ReportPlace, Figures] = {place: {} for place in (ALL, *places_of_cases(connection))}
    return MonthFigures(month, found, period.to_on, _sight(connection, found, reached, period.to_on))


def _sight(
    connection: Connection, places: Collection[ReportPlace], reached: Sequence[SourceReach], to_on: date
) -> dict[ReportPlace, PlaceSight]:
    sight = MonthSight(source_columns.sources(connection), reached, to_on)
    return {place: sight.of(forces_of(place, places)) for place in places}


def of_month(configuration: Configuration, connection: Connection, month: Month, today: date) -> MonthFigures:
    """Return a month's figures: counted, but as they were kept where cases were erased that it counted.

    Raises Refuse for a month of which no day is over, and for one that was over before the first round.
    """
    first = kept_figures.first_day_of_book(connection)
    if first and month.last < first:
        day = format_day(first)
        raise Refuse(f"{month} was over before Casebeat's first round, on {day}: name a later month. Nothing was done.")
    until = kept_figures.purged_until(connection)
    if until and month.first <= until and (kept := _kept(connection, month)):
        return kept
    return count(configuration, connection, month, today)


def _counted(
    configuration: Configuration, connection: Connection, period: Period
) -> tuple[Mapping[ReportPlace, Figures], ...]:
    return (
        base.totals(connection, period, configuration.policy.harassment_in),
        duties.fell_due(connection, period),
        stalls.stalls(connection, period, configuration.policy.starts, INHERITING),
        stalls.late_days(connection, period),
        meetings.reviews(connection, period),
        meetings.actions(connection, period),
        casework.decisions(connection, period),
        casework.charges(connection, period),
        casework.pleas(connection, period),
        casework.ended(connection, period),
        casework.breaches(connection, period),
        casework.orders(connection, period),
        escalations.promises(connection, period),
        people.training(connection, period),
        people.cover(connection, period),
    )


def earlier(configuration: Configuration, connection: Connection, month: Month, today: date) -> MonthFigures | None:
    """Return an earlier month's figures: as they were kept, else counted; None of a month before the first round."""
    if kept := _kept(connection, month):
        return kept
    first = kept_figures.first_day_of_book(connection)
    return count(configuration, connection, month, today) if first and first <= month.last else None


def _kept(connection: Connection, month: Month) -> MonthFigures | None:
    """Return a month's figures as they were kept; None where none were."""
    if not (figures := kept_figures.kept(connection, month.first)):
        return None
    stored = kept_figures.sight(connection, month.first)
    sight = {place: PlaceSight.read(told) if told else PlaceSight(month.last) for place, told in stored.items()}
    return MonthFigures(month, figures, month.last, sight, counted=False)


def keep(connection: Connection, figures: MonthFigures, at: datetime) -> None:
    """Keep a month's figures as they were counted, with what they are without."""
    stored = {place: sight.as_stored() for place, sight in figures.sight.items()}
    kept_figures.keep(connection, figures.month.first, figures.by_place, stored, at)


def keep_past_months(configuration: Configuration, until: date, today: date, at: datetime, progress: MonthsKept) -> int:
    """Keep the figures of each month up to that of a day which was not kept yet, a transaction each; return how many.

    Later months count none of the cases of which all was over by then, and go on being counted.
    """
    with transaction() as connection:
        wanted = _not_kept(connection, until)
    for done, month in enumerate(wanted, start=1):
        with transaction() as connection:
            keep(connection, count(configuration, connection, month, today), at)
        progress(done, len(wanted))
    return len(wanted)


def _not_kept(connection: Connection, until: date) -> list[Month]:
    """Return the months from the first round's to that of a day which were not kept, the oldest first."""
    first, kept = kept_figures.first_day_of_book(connection), set(kept_figures.kept_months(connection))
    found, month = [], month_of(until)
    while first and month.last >= first:
        if month.first not in kept:
            found.append(month)
        month = month.back(1)
    return found[::-1]

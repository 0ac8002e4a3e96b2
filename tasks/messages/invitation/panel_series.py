"""Panels' series: one begins with the first sitting of a rule, and ends when no panel has the rule any more."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from config.days.recurrence import Timetable
from config.forces import spelling
from config.panels import Panel
from models.queries.reviews import attended_sittings
from models.queries.reviews.attended_sittings import KnownSeries, NewSeries
from models.rules.reviews.invitation_plan import PanelSeries
from models.rules.reviews.inviting import ComingSitting
from models.rules.reviews.series import SeriesTerms
from models.rules.reviews.sitting_days import exceptions
from tasks.platform.configuration import Configuration

AHEAD = timedelta(days=366)  # so long are the exceptions of a series told with it, beyond the sittings planned


class PairRule(NamedTuple):
    """A rule by which a force and a CPS Area sit together."""

    force_code: str
    cps_area: str
    rule: str


def brought_up(
    configuration: Configuration, connection: Connection, coming: Sequence[ComingSitting], today: date
) -> list[PanelSeries]:
    """Begin and end series by the sittings to come and the panels' rules, and return all that people may have."""
    panels = {
        PairRule(panel.force_code, panel.cps_area, str(panel.timetable)): panel for panel in configuration.panels.panels
    }
    first: dict[PairRule, date] = {}
    last: dict[PairRule, date] = {}
    for sitting in sorted(coming, key=lambda each: each.starts_at):
        if sitting.rule and sitting.ruled_on and sitting.day > today:
            of = PairRule(sitting.force_code, sitting.cps_area, sitting.rule)
            first.setdefault(of, sitting.ruled_on)
            last[of] = sitting.ruled_on
    open_ = {
        _of(series): series.ref for series in attended_sittings.series(connection, today) if series.ended_on is None
    }
    _begin(
        connection,
        [NewSeries(of.force_code, of.cps_area, of.rule, day) for of, day in first.items() if of not in open_],
    )
    gone = [ref for of, ref in open_.items() if of not in first and of not in panels]
    attended_sittings.end_series(connection, gone, today)
    return [
        PanelSeries(
            series.ref,
            series.force_code,
            series.cps_area,
            series.rule,
            _terms(configuration, series.rule, panels.get(_of(series)), last.get(_of(series), today), today),
            series.ended_on is None,
        )
        for series in attended_sittings.series(connection, today)
    ]


def _begin(connection: Connection, new: Sequence[NewSeries]) -> None:
    taken = attended_sittings.series_refs(connection) if new else set()
    begun = []
    for series in new:
        ref = series_ref(series, taken)
        taken.add(ref)
        begun.append((ref, series))
    if begun:
        attended_sittings.begin_series(connection, begun)


def series_ref(new: NewSeries, taken: set[str]) -> str:
    """Return a series' permanent reference: its pair and its first day, with a number if taken."""
    ref = f"{new.force_code}-{spelling(new.cps_area).replace(' ', '-')}-series-{new.first_on.isoformat()}"
    return next(each for each in (ref, *(f"{ref}-{n}" for n in range(2, len(taken) + 3))) if each not in taken)


def _terms(configuration: Configuration, rule: str, panel: Panel | None, last: date, today: date) -> SeriesTerms:
    ahead = exceptions(panel, last, today + AHEAD, configuration.calendar) if panel else []
    return SeriesTerms(Timetable.parse(rule), tuple(ahead))


def _of(series: KnownSeries) -> PairRule:
    return PairRule(series.force_code, series.cps_area, series.rule)

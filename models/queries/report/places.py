"""The places that a month's figures are counted for, and the SQL that counts for all of them at once."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection

from models.queries.driver import fetch_as, keyed_rows

# By the figure's key, whose meaning is said in `config/templates/report/sections.yaml`; None: a median of nothing.
Figures = Mapping[str, float | None]


class ReportPlace(NamedTuple):
    """A pair of force and CPS Area, a force, an Area, or, with neither, all of them."""

    force_code: str | None = None
    cps_area: str | None = None


Counts = dict[ReportPlace, dict[str, float | None]]


class Period(NamedTuple):
    """The days that are counted, both inclusive, and the sources whose cases are."""

    from_on: date
    to_on: date
    sources: tuple[int, ...]  # that sent an extract in the month: cases of others are not counted


PLACE = "c.force_code, c.cps_area"
# Count each pair, each force, each Area and all: a median cannot be added up.
EVERY_PLACE = "grouping sets ((c.force_code, c.cps_area), (c.force_code), (c.cps_area), ())"
# The first round of each force.
FIRST_ROUNDS = "select force_code, min(day) as first_on from rounds where undoing_id is null group by force_code"
SENT = "c.source_id = any(%(sources)s)"  # the source of a case `c` sent an extract in the month
# The cases `c` that a row `x` of a file is about: by its own key, or all that share its URN.
# They are joined as a set: to look them up for each row takes twice as long.
CASES = """join (
  select id as key_id, id, force_code, cps_area, classification, declassified_on, source_id from cases union all
  select urn_key_id, id, force_code, cps_area, classification, declassified_on, source_id from cases
  where urn_key_id is not null
) c on c.key_id = x.key_id and (c.classification = 'stalking' or c.declassified_on is not null)
  and c.source_id = any(%(sources)s)"""


def median(ref: str, days: str, among: str = "true") -> str:
    """Return the SQL of the median of the days of rows `x`, each of which counts once however many cases share it."""
    once = f"jsonb_object_agg(x.{ref}, {days}) filter (where {among})"
    return f"(select percentile_cont(0.5) within group (order by value::int) from jsonb_each_text({once}))"


def places_of_cases(connection: Connection) -> list[ReportPlace]:
    """Return each pair, force and Area that has a case."""
    statement = "select distinct force_code, cps_area from cases order by 1, 2"
    pairs = fetch_as(connection, ReportPlace, statement)
    forces, areas = (sorted({getattr(pair, name) for pair in pairs}) for name in ReportPlace._fields)
    return [*pairs, *(ReportPlace(force) for force in forces), *(ReportPlace(None, area) for area in areas)]


def counted(connection: Connection, statement: str, period: Period, **parameters: Any) -> Counts:
    """Return the figures of each place: what a statement counts besides its place, by the names of its columns."""
    rows = keyed_rows(connection, ReportPlace._fields, statement, _given(period, parameters))
    return {ReportPlace(force_code, cps_area): figures for (force_code, cps_area), figures in rows}


def counted_by(connection: Connection, kind: str, statement: str, period: Period, **parameters: Any) -> Counts:
    """Return the same for each value of one more column: the figure's key is `value.column`."""
    found: Counts = {}
    for (force_code, cps_area, value), figures in keyed_rows(
        connection, (*ReportPlace._fields, kind), statement, _given(period, parameters)
    ):
        mine = found.setdefault(ReportPlace(force_code, cps_area), {})
        mine.update({f"{value}.{name}": number for name, number in figures.items()})
    return found


def _given(period: Period, parameters: Mapping[str, Any]) -> dict[str, Any]:
    days = {"from": period.from_on, "to": period.to_on}
    return {**days, "sources": list(period.sources), **parameters}

"""The register: of each pair of force and CPS Area, whether its joint reviews are held in time, and have the places."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.reviews import capacity
from models.queries.reviews import register as queries
from models.queries.reviews.capacity import Pair
from models.queries.reviews.register import FailedCounts, KeptCounts, SittingUse
from models.rules.calendar import LAST
from models.rules.reviews.capacity import ExtraPlaces, lacking
from models.rules.reviews.sitting_days import last_day, occurrences
from tasks.obligations.lists import consulted
from tasks.platform import configuration, templates
from tasks.platform.database import transaction
from tasks.reviews.shortfall import deadlines, named

WEEKS = 8  # as many back by default, and ahead
_NOTHING, _NONE = KeptCounts(0, 0, 0, 0), FailedCounts(0, 0)


class RegisterWeek(NamedTuple):
    """A week of a pair's sittings to come: its places, how many are taken and needed, and what is lacking by when."""

    monday: date
    places: int
    used: int
    needed: int
    more: tuple[ExtraPlaces, ...]


class RegisterRow(NamedTuple):
    """One pair."""

    pair: Pair
    name: str
    panel: bool
    kept: KeptCounts
    failed: FailedCounts
    weeks: tuple[RegisterWeek, ...]

    @property
    def more(self) -> int:
        """How many places are lacking in all weeks."""
        return sum(more.places for week in self.weeks for more in week.more)


class Register(NamedTuple):
    """All pairs, for the reviews that fell due in a period, and the weeks from a day on."""

    from_on: date
    to_on: date
    rows: tuple[RegisterRow, ...]

    @property
    def kept(self) -> KeptCounts:
        """The sums of all pairs."""
        return KeptCounts(*map(sum, zip(*(row.kept for row in self.rows), strict=True))) if self.rows else _NOTHING

    @property
    def failed(self) -> FailedCounts:
        """The sums of all pairs."""
        return FailedCounts(*map(sum, zip(*(row.failed for row in self.rows), strict=True))) if self.rows else _NONE


def reviews(force_code: str | None, from_on: date | None, to_on: date | None, today: date) -> Register:
    """The register as somebody asks for it: by default of what fell due in the eight weeks before today."""
    with transaction() as connection:
        consulted(connection, "reviews", force_code)
        return _register(connection, force_code, from_on, to_on, today)


def page(today: date) -> str:
    """The register of all pairs in Markdown, for operations, with a drawing of each pair's weeks to come."""
    with transaction() as connection:
        return templates.render_text(
            "reviews/artifact.md", {"register": _register(connection, None, None, None, today)}
        )


def _register(
    connection: Connection, force_code: str | None, from_on: date | None, to_on: date | None, today: date
) -> Register:
    to = to_on or today - timedelta(days=1)
    first = from_on or to - timedelta(weeks=WEEKS, days=-1)
    mondays = _mondays(today)
    until = min(LAST, mondays[-1] + timedelta(days=6))
    kept = queries.kept(connection, force_code, first, to, today)
    failed = queries.failed(connection, force_code, first, to)
    planned = queries.to_come(connection, force_code, today, until)
    panels = {(one.force_code, one.cps_area) for one in configuration.panels().panels}
    pairs = {*kept, *failed, *planned, *panels, *capacity.stalking(connection)}
    rows = [
        RegisterRow(
            pair,
            named(pair),
            pair in panels,
            kept.get(pair, _NOTHING),
            failed.get(pair, _NONE),
            _weeks(connection, pair, planned.get(pair, ()), mondays, today),
        )
        for pair in sorted(pairs)
        if force_code in {None, pair[0]}
    ]
    return Register(first, to, tuple(rows))


def _mondays(today: date) -> list[date]:
    """The weeks to come, the one of tomorrow the first."""
    first = today + timedelta(days=1)
    return [first + timedelta(weeks=n, days=-first.weekday()) for n in range(WEEKS)]


def _weeks(
    connection: Connection, pair: Pair, planned: Sequence[SittingUse], mondays: Sequence[date], today: date
) -> tuple[RegisterWeek, ...]:
    """The weeks to come: sittings as they are planned, and beyond that as the panels' rules have them."""
    until = min(LAST, mondays[-1] + timedelta(days=6))
    theirs = [one for one in configuration.panels().panels if (one.force_code, one.cps_area) == pair]
    beyond = [
        SittingUse(one.day, one.panel.cases, 0)
        for one in occurrences(theirs, today, until, configuration.calendar())
        if last_day(one.panel, today) < one.day <= until
    ]
    places, used = Counter[date](), Counter[date]()
    for one in (*planned, *beyond):
        places[one.day] += one.places
        used[one.day] += one.used
    sittings = sorted(places.items())
    needed = deadlines(pair[0], capacity.owed(connection, pair, until, today), sittings, until, today)
    more = lacking(needed, sittings)
    return tuple(
        RegisterWeek(
            each,
            sum(number for day, number in places.items() if _in(each, day)),
            sum(number for day, number in used.items() if _in(each, day)),
            sum(_in(each, day) for day in needed),
            tuple(one for one in more if _in(each, one.by)),
        )
        for each in mondays
    )


def _in(monday: date, day: date) -> bool:
    return monday <= day < monday + timedelta(weeks=1)

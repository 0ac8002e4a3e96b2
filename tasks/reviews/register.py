"""The register of joint reviews: by pair of force and CPS Area, whether they are held in time and have places."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from config.forces import pair_name
from models.queries.people import disclosure
from models.queries.reviews import capacity, sittings
from models.queries.reviews import register as queries
from models.queries.reviews.capacity import Pair
from models.queries.reviews.register import FailedCounts, KeptCounts
from models.rules.calendar import LAST
from models.rules.reviews.capacity import ExtraPlaces, lacking
from models.rules.reviews.convening_book import SittingAhead
from models.rules.reviews.sitting_days import last_day, occurrences
from tasks.obligations.lists import consulted
from tasks.platform import templates
from tasks.platform.configuration import Configuration
from tasks.reviews.shortfall import deadlines
from tasks.servers.database import transaction

WEEKS = 8  # weeks shown ahead, and by default back
_NOTHING, _NONE = KeptCounts(0, 0, 0, 0), FailedCounts(0, 0)


class RegisterWeek(NamedTuple):
    """A coming week of a pair's sittings: places, places used and needed, and the missing places with their days."""

    monday: date
    places: int
    used: int
    needed: int
    more: tuple[ExtraPlaces, ...]


class RegisterRow(NamedTuple):
    """The figures of one pair."""

    pair: Pair
    name: str
    panel: bool
    kept: KeptCounts
    failed: FailedCounts
    weeks: tuple[RegisterWeek, ...]

    @property
    def more(self) -> int:
        """The number of places missing in all weeks."""
        return sum(more.places for week in self.weeks for more in week.more)


class Register(NamedTuple):
    """The figures of all pairs: reviews that fell due in a period, and the coming weeks."""

    from_on: date
    to_on: date
    rows: tuple[RegisterRow, ...]

    @property
    def kept(self) -> KeptCounts:
        """The totals of all pairs."""
        return KeptCounts(*map(sum, zip(*(row.kept for row in self.rows), strict=True))) if self.rows else _NOTHING

    @property
    def failed(self) -> FailedCounts:
        """The totals of all pairs."""
        return FailedCounts(*map(sum, zip(*(row.failed for row in self.rows), strict=True))) if self.rows else _NONE


def reviews(
    configuration: Configuration, force_code: str | None, from_on: date | None, to_on: date | None, today: date
) -> Register:
    """Return the register and audit the request. The default period is the eight weeks before today."""
    with transaction() as connection:
        consulted(connection, "reviews", force_code)
        return _register(configuration, connection, force_code, from_on, to_on, today)


def page(configuration: Configuration, today: date) -> str:
    """Render the register of all pairs as Markdown for operations, with a chart of each pair's coming weeks."""
    with transaction() as connection:
        return templates.render_text(
            "reviews/artifact.md", {"register": _register(configuration, connection, None, None, None, today)}
        )


def _register(
    configuration: Configuration,
    connection: Connection,
    force_code: str | None,
    from_on: date | None,
    to_on: date | None,
    today: date,
) -> Register:
    to = to_on or today - timedelta(days=1)
    first = from_on or to - timedelta(weeks=WEEKS, days=-1)
    mondays = _mondays(today)
    kept = queries.kept(connection, force_code, first, to, today)
    failed = queries.failed(connection, force_code, first, to)
    planned = defaultdict[Pair, list[SittingAhead]](list)
    for sitting in sittings.ahead(connection, [force_code] if force_code else None, today):
        planned[sitting.pair].append(sitting)
    panels = {(one.force_code, one.cps_area) for one in configuration.panels.panels}
    pairs = {*kept, *failed, *planned, *panels, *capacity.in_scope(connection, configuration.policy.harassment_in)}
    rows = [
        RegisterRow(
            pair,
            pair_name(*pair),
            pair in panels,
            kept.get(pair, _NOTHING),
            failed.get(pair, _NONE),
            _weeks(configuration, connection, pair, planned.get(pair, ()), mondays, today),
        )
        for pair in sorted(pairs)
        if force_code in {None, pair[0]}
    ]
    return Register(first, to, tuple(rows))


def _mondays(today: date) -> list[date]:
    """List the Mondays of the coming weeks, beginning with the week of tomorrow."""
    first = today + timedelta(days=1)
    return [first + timedelta(weeks=n, days=-first.weekday()) for n in range(WEEKS)]


def _weeks(
    configuration: Configuration,
    connection: Connection,
    pair: Pair,
    planned: Sequence[SittingAhead],
    mondays: Sequence[date],
    today: date,
) -> tuple[RegisterWeek, ...]:
    """Return the coming weeks: planned sittings, and beyond the horizon the sittings that the panels will have."""
    until = min(LAST, mondays[-1] + timedelta(days=6))
    theirs = [one for one in configuration.panels.panels if (one.force_code, one.cps_area) == pair]
    places, used = Counter[date](), Counter[date]()
    for sitting in planned:
        places[sitting.day] += sitting.places
        used[sitting.day] += len(sitting.slots)
    for beyond in occurrences(theirs, today, until, configuration.calendar):
        if last_day(beyond.panel, today) < beyond.day <= until:
            places[beyond.day] += beyond.panel.cases
    by_day = sorted(places.items())
    owed = capacity.owed(connection, pair, until, today, disclosure.barring_cases(connection))
    needed = deadlines(configuration, pair[0], owed, by_day, until, today)
    more = lacking(needed, by_day)
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

"""Shortfall of places: a pair's joint reviews without a place in time, and how many more places are needed."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from config.days.duration import Duration, Unit
from config.panels import HORIZON
from models.queries.people import disclosure
from models.queries.reviews import capacity, sittings
from models.queries.reviews.capacity import LateReview, OwedReviews, Pair
from models.rules.calendar import LAST
from models.rules.reviews.capacity import ExtraPlaces, RecurringReview, lacking, needed
from models.rules.reviews.convening import by_worth
from tasks.platform.configuration import Configuration
from tasks.reviews.horizons import horizons

_NEXT = Duration(1, Unit.WORKING_DAYS)


class Shortage(NamedTuple):
    """A pair's cases without a place in time, by worth. Without a panel, all cases due within the usual horizon."""

    pair: Pair
    panel: bool
    until_on: date
    late: tuple[LateReview, ...]
    more: tuple[ExtraPlaces, ...]  # empty without a panel


def usual_horizon(today: date) -> date:
    """Return the last day to which the cases of a pair without a panel are listed."""
    return min(LAST, today + timedelta(days=HORIZON.number))


def without_panel(configuration: Configuration, connection: Connection) -> list[Pair]:
    """List the pairs that have cases in scope and no panel."""
    have = {(panel.force_code, panel.cps_area) for panel in configuration.panels.panels}
    return [pair for pair in capacity.in_scope(connection, configuration.policy.harassment_in) if pair not in have]


def shortage(
    configuration: Configuration, connection: Connection, pair: Pair, today: date, hidden: Collection[int] = ()
) -> Shortage:
    """Find a pair's shortage today, as if the `hidden` cases were not there.

    It reads the pair's cases, so call it only for pairs with late cases.
    """
    until = horizons(configuration, today).get(pair)
    upto = until or usual_horizon(today)
    reviews = capacity.late(connection, pair, upto, today, hidden)
    late = tuple(sorted(reviews, key=lambda late: by_worth(late.review.due(today))))
    more = places_lacking(configuration, connection, pair, upto, today, hidden) if until and late else ()
    return Shortage(pair, until is not None, upto, late, more)


def places_lacking(
    configuration: Configuration,
    connection: Connection,
    pair: Pair,
    until: date,
    today: date,
    hidden: Collection[int] = (),
) -> tuple[ExtraPlaces, ...]:
    """Return the fewest extra places, with their days, so that every review due up to a day can be held in time.

    Each review is assumed to be held on its due day and to fall due again from there. A review that has sat and waits
    for its outcome falls due again from its sitting. A case that bars somebody takes no place, nor does a hidden one.
    """
    places = Counter[date]()
    for sitting in sittings.ahead(connection, [pair[0]], today):
        if sitting.pair == pair and sitting.day <= until:
            places[sitting.day] += sitting.places
    by_day = sorted(places.items())
    kept_apart = disclosure.barring_cases(connection).union(hidden)
    owed = capacity.owed(connection, pair, until, today, kept_apart)
    return tuple(lacking(deadlines(configuration, pair[0], owed, by_day, until, today), by_day))


def deadlines(
    configuration: Configuration,
    force_code: str,
    owed: Sequence[OwedReviews],
    sittings: Sequence[tuple[date, int]],
    until: date,
    today: date,
) -> list[date]:
    """List the latest day for each review that falls due up to a day."""
    every, calendar = configuration.policy.for_force(force_code).joint_review.every, configuration.calendar
    first = sittings[0][0] if sittings else calendar.plus(today, _NEXT)
    found: list[date] = []
    for one in owed:
        span = every.of(one.risk)
        due = RecurringReview(calendar.plus(one.sat_on, span) if one.sat_on else one.due_on, span)
        found.extend(day for day in needed([due], first, until, calendar) for _ in range(one.cases))
    return found

"""The list of sittings, late cases and waiting cases. Each request is audited as a consultation."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.reviews import sitting_list
from models.queries.reviews import sittings as queries
from models.queries.reviews.sitting_list import SittingListLine
from models.rules.reviews.convening import by_worth
from models.rules.reviews.convening_book import SittingAhead
from tasks.obligations.lists import consulted
from tasks.platform.configuration import Configuration
from tasks.reviews.horizons import listed_horizons
from tasks.reviews.shortfall import usual_horizon
from tasks.servers.database import transaction


class ListedCase(NamedTuple):
    """A case that is convened or due, the day by which it should sit, and whether that day is missed."""

    line: SittingListLine
    deadline_on: date
    late: bool


class SittingList(NamedTuple):
    """The cases, and the sittings ahead with today's.

    `waiting` counts due cases without a sitting in pairs with free places, and `chairless` those whose every chair to
    come must hear nothing of them.
    """

    cases: list[ListedCase]
    ahead: list[SittingAhead]
    waiting: int
    chairless: int


def sittings(configuration: Configuration, force_code: str | None, today: date) -> SittingList:
    """List every case that is convened or due, by sitting and worth, with cases without a sitting last."""
    with transaction() as connection:
        consulted(connection, "sittings", force_code)
        horizons = listed_horizons(configuration, today)
        usual = usual_horizon(today)
        lines = sitting_list.lines(connection, force_code, max([usual, *horizons.values()]))
        ahead = from_today(connection, force_code, today)
    inside = [
        line for line in lines
        if line.sitting_ref or line.due_on <= horizons.get((line.force_code, line.cps_area), usual)
    ]  # fmt: skip
    later = [sitting for sitting in ahead if sitting.day > today]
    next_on = {sitting.pair: sitting.day for sitting in reversed(later)}
    listed = (_listed(line, next_on.get((line.force_code, line.cps_area))) for line in inside)
    cases = sorted(listed, key=lambda case: _order(case.line, today))
    room = {sitting.pair for sitting in later if sitting.has_room}
    nowhere = [case.line for case in cases if case.line.sitting_ref is None]
    chairless = [line for line in nowhere if _barred_to_every_chair(line, later)]
    waiting = sum((line.force_code, line.cps_area) in room for line in nowhere if line not in chairless)
    return SittingList(cases, ahead, waiting, len(chairless))


def _barred_to_every_chair(line: SittingListLine, later: Iterable[SittingAhead]) -> bool:
    chairs = {sitting.chair_ref for sitting in later if sitting.pair == (line.force_code, line.cps_area)}
    return line.barred_to(chairs)


def from_today(connection: Connection, force_code: str | None, today: date) -> list[SittingAhead]:
    """Return the sittings of a force (None: of all) of today and later, in order."""
    ahead = queries.ahead(connection, [force_code] if force_code else None, today - timedelta(days=1))
    return sorted(ahead, key=lambda sitting: (sitting.starts_at, sitting.ref))


def _listed(line: SittingListLine, next_on: date | None) -> ListedCase:
    if line.day is not None and line.deadline_on is not None:
        return ListedCase(line, line.deadline_on, line.day > line.deadline_on)
    return ListedCase(line, max(line.due_on, next_on or line.due_on), late=True)


def _order(line: SittingListLine, today: date) -> tuple[object, ...]:
    nowhere = line.sitting_ref is None
    return (
        nowhere,
        line.starts_at or 0,
        line.sitting_ref or "",
        line.force_code,
        *by_worth(line.review.due(today)),
    )

"""The list of sittings, late cases and waiting cases. Each request is audited as a consultation."""

from datetime import date, timedelta
from typing import NamedTuple

from config.panels import HORIZON
from models.queries.reviews import sitting_list
from models.queries.reviews.sitting_list import ListedSitting, SittingListLine
from models.rules.calendar import LAST
from models.rules.reviews.convening import by_worth
from tasks.obligations.lists import consulted
from tasks.platform.configuration import Configuration
from tasks.reviews.horizons import listed_horizons
from tasks.servers.database import transaction


class ListedCase(NamedTuple):
    """A case that is convened or due, the day by which it should sit, and whether that day is missed."""

    line: SittingListLine
    deadline_on: date
    late: bool


class SittingList(NamedTuple):
    """The cases and the coming sittings. `waiting` counts due cases without a sitting in pairs with free places."""

    cases: list[ListedCase]
    to_come: list[ListedSitting]
    waiting: int


def sittings(configuration: Configuration, force_code: str | None, today: date) -> SittingList:
    """List every case that is convened or due, by sitting and worth, with cases without a sitting last."""
    with transaction() as connection:
        consulted(connection, "sittings", force_code)
        ahead = listed_horizons(configuration, today)
        usual = min(LAST, today + timedelta(days=HORIZON.number))
        found = sitting_list.lines(connection, force_code, max([usual, *ahead.values()]), today)
        to_come = sitting_list.to_come(connection, force_code, today)
    inside = [
        line for line in found
        if line.sitting_ref or line.due_on <= ahead.get((line.force_code, line.cps_area), usual)
    ]  # fmt: skip
    next_on = {(each.force_code, each.cps_area): each.day for each in reversed(to_come) if each.day > today}
    cases = sorted((_listed(line, next_on.get((line.force_code, line.cps_area))) for line in inside), key=_order)
    room = {(each.force_code, each.cps_area) for each in to_come if each.day > today and each.taken < each.places}
    nowhere = [each.line for each in cases if each.line.sitting_ref is None]
    waiting = sum((line.force_code, line.cps_area) in room for line in nowhere)
    return SittingList(cases, to_come, waiting)


def _listed(line: SittingListLine, next_on: date | None) -> ListedCase:
    if line.day is not None and line.deadline_on is not None:
        return ListedCase(line, line.deadline_on, line.day > line.deadline_on)
    return ListedCase(line, max(line.due_on, next_on or line.due_on), late=True)


def _order(one: ListedCase) -> tuple[object, ...]:
    line = one.line
    nowhere = line.sitting_ref is None
    return (
        nowhere,
        line.starts_at or 0,
        line.sitting_ref or "",
        line.force_code,
        *by_worth(line.due),
    )

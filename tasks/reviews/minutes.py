"""Minutes: when a sitting is settled, its cases get their minutes once and for all."""

from collections import defaultdict
from datetime import date

from sqlalchemy import Connection

from models.queries.reviews import minutes, sittings
from models.queries.reviews.minutes import ConvenedRow, OwedDays
from models.rules.obligations.severity import severity
from models.rules.reviews.agenda_order import RankedObligation, SeatedCase, exchanged, place, running_order
from models.rules.reviews.convening_book import movable
from tasks.platform.configuration import Configuration


def settle(configuration: Configuration, connection: Connection, force_code: str, today: date) -> int:
    """Give the cases of a force's sittings that are settled by today their minutes; return how many sittings.

    Whatever was not reached or failed before goes first, then the most urgent. A case that comes later takes what is
    left; one that failed before changes places with the first that did not. A sitting that is still empty is settled
    once it has cases.
    """
    ahead = sittings.ahead(connection, [force_code], today)
    still = movable(ahead, today, configuration.policy.convening.settled, configuration.calendar)
    ids = [sitting.id for sitting in ahead if sitting.awaits_minutes and sitting.id not in still]
    if ids:
        orders = {
            id_: running_order(case for _, case in seats) for id_, seats in _seats(connection, ids, today).items()
        }
        minutes.settle(connection, orders, today)
    joined = minutes.joined(connection, force_code, today)
    for seats in _seats(connection, joined, today).values() if joined else ():
        if changed := exchanged(seats):
            minutes.give(connection, changed)
    return len(ids)


def _seats(connection: Connection, sitting_ids: list[int], today: date) -> dict[int, list[tuple[int, SeatedCase]]]:
    """Return the cases of each sitting with their slots."""
    rows = minutes.convened(connection, sitting_ids)
    owed = minutes.owed(connection, [row.case_id for row in rows])
    seats: dict[int, list[tuple[int, SeatedCase]]] = defaultdict(list)
    for row in rows:
        seats[row.sitting_id].append((row.slot, _seated(row, owed.get(row.case_id, []), today)))
    return seats


def _seated(row: ConvenedRow, owed: list[OwedDays], today: date) -> SeatedCase:
    ranked = (
        RankedObligation(
            one.hard, one.stalls, one.due_on, severity(one.due_on, one.remind_on, one.escalate_on, today)
        )
        for one in owed
    )  # fmt: skip
    return SeatedCase(row.convening_id, row.failed, place(ranked, row.risk, row.reference, today))

"""Minutes: when a sitting is settled, its cases get their minutes once and for all."""

from collections import defaultdict
from datetime import date

from sqlalchemy import Connection

from models.queries.reviews import minutes
from models.queries.reviews.minutes import ConvenedRow, OwedDays
from models.rules.obligations.severity import severity
from models.rules.reviews.agenda_order import RankedObligation, SeatedCase, place, running_order
from models.rules.reviews.sitting_days import back
from tasks.platform import configuration


def settle(connection: Connection, force_code: str, today: date) -> int:
    """Give the cases of a force's sittings that are settled by today their minutes; return how many sittings.

    Whatever was not reached or failed before goes first, then the most urgent. A case that comes later takes what is
    left, and a sitting that is still empty is settled once it has cases.
    """
    settled, calendar = configuration.policy().convening.settled, configuration.calendar()
    found = minutes.unsettled(connection, force_code, today)
    ids = [each.id for each in found if today >= back(each.day, settled, calendar)]
    if not ids:
        return 0
    rows = minutes.convened(connection, ids)
    owed = minutes.owed(connection, [row.case_id for row in rows])
    seated: dict[int, list[SeatedCase]] = defaultdict(list)
    for row in rows:
        seated[row.sitting_id].append(_seated(row, owed.get(row.case_id, []), today))
    minutes.settle(connection, {id_: running_order(cases) for id_, cases in seated.items()}, today)
    return len(ids)


def _seated(row: ConvenedRow, owed: list[OwedDays], today: date) -> SeatedCase:
    ranked = (
        RankedObligation(
            one.hard, one.stalls, one.due_on, severity(one.due_on, one.remind_on, one.escalate_on, today)
        )
        for one in owed
    )  # fmt: skip
    return SeatedCase(row.convening_id, row.failed, place(ranked, row.risk, row.reference, today))

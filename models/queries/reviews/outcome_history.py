"""What was said of a case's sittings, by whom and when: for `explain`."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from config.sittings import Pattern, ReviewDecision
from models.queries.driver import fetch


class OutcomeHistoryRow(NamedTuple):
    """One word about a case at a sitting. `by_ref` is None where an extract told it; the latest that is good stands."""

    made_on: date
    by_ref: str | None
    sitting_ref: str
    day: date
    held: bool
    police_attended: bool
    cps_attended: bool
    decisions: tuple[ReviewDecision, ...]
    pattern: Pattern | None
    stands: bool


def of_case(connection: Connection, case_id: int) -> list[OutcomeHistoryRow]:
    """Every word about a case's sittings, in the order in which they were given."""
    rows = fetch(
        connection,
        """select o.recorded_on, o.by_ref, s.ref, s.day, o.held, o.police_attended, o.cps_attended, o.decisions,
                  o.pattern, o.stands
           from outcomes o join convenings v on v.id = o.convening_id join sittings s on s.id = v.sitting_id
           where v.case_id = %s order by o.id""",
        (case_id,),
    )
    return [
        OutcomeHistoryRow._make(
            (*row[:7], tuple(map(ReviewDecision, row[7])), Pattern(row[8]) if row[8] else None, row[9])
        )
        for row in rows
    ]

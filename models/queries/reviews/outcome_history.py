"""Reads of the recorded outcomes of a case's sittings, for `explain`."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from config.sittings import Enquiries, Pattern, ReviewDecision
from models.queries.driver import fetch_as


class OutcomeHistoryRow(NamedTuple):
    """One recorded outcome of a case at a sitting. `by_ref` is None for an extract's; the latest valid one `stands`."""

    made_on: date
    by_ref: str | None
    sitting_ref: str
    day: date
    held: bool
    police_attended: bool
    cps_attended: bool
    decisions: tuple[ReviewDecision, ...]
    pattern: Pattern | None
    enquiries: Enquiries | None
    stands: bool


def of_case(connection: Connection, case_id: int) -> list[OutcomeHistoryRow]:
    """Return every recorded outcome of a case's sittings, in the order in which they were recorded."""
    statement = """
        select o.recorded_on as made_on, o.by_ref, s.ref as sitting_ref, s.day, o.held, o.police_attended,
               o.cps_attended, o.decisions, o.pattern, o.enquiries, o.stands
        from outcomes o join convenings v on v.id = o.convening_id join sittings s on s.id = v.sitting_id
        where v.case_id = %s order by o.id"""
    return fetch_as(connection, OutcomeHistoryRow, statement, (case_id,))

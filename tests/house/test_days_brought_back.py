"""Every stored day is brought back when rounds of days that had not come are undone, or a reason says why not.

A new column of that kind fails here until its author has decided.
"""

from collections.abc import Iterator

import pytest
from sqlalchemy import ARRAY, Column, Date, DateTime, MetaData, Table
from sqlalchemy.types import TypeEngine

from models import Base
from models.base import Moment
from models.queries.rounds import undoing
from tasks.intake.files import FILES

COMPUTED = "worked out from the facts: the case is projected again"
VOID = "of what is void, or is marked as undone"
PLANNED = "a day of a meeting: sittings that were planned too early are withdrawn"
ELSEWHERE = "brought back by a statement of its own"
OF_A_PERSON = "a day that a person gave"
MEASURED = "compared with the clock before a round, which is refused where it is ahead"
LEASED = "the database's own clock, or a moment to come"
ERASED = "what was erased on a wrong day is gone all the same"
HELD = "a hold lasts until it is released, whatever its day"
REASONS = {
    "agendas.day": PLANNED,
    "agendas.made_on": VOID,
    "audit.at": LEASED,
    "audit_seals.sealed_at": LEASED,
    "convenings.deadline_on": COMPUTED,
    "convenings.due_on": COMPUTED,
    "earlier_days.day": MEASURED,
    "earlier_days.until_on": MEASURED,
    "extracts.extracted_at": MEASURED,
    "erasures.erased_on": ERASED,
    "holds.held_at": HELD,
    "holds.released_at": HELD,
    "invitations.told_on": ELSEWHERE,
    "messages.day": ELSEWHERE,
    "messages.due_at": ELSEWHERE,
    "messages.lease_until": LEASED,
    "notifications.day": VOID,
    "obligations.done_on": COMPUTED,
    "obligations.due_on": COMPUTED,
    "obligations.escalate_on": COMPUTED,
    "obligations.fact_on": COMPUTED,
    "obligations.next_step_on": ELSEWHERE,
    "obligations.remind_on": COMPUTED,
    "obligations.taken_on": ELSEWHERE,
    "promises.made_at": ELSEWHERE,
    "promises.made_on": ELSEWHERE,
    "promises.until_on": ELSEWHERE,
    "replies.on_day": OF_A_PERSON,
    "report_figures.made_at": ELSEWHERE,
    "report_figures.month_on": ELSEWHERE,
    "rounds.began_at": VOID,
    "rounds.day": VOID,
    "rounds.ended_at": VOID,
    "seen_changes.seen_on": MEASURED,
    "seen_changes.since_on": MEASURED,
    "series.ended_on": ELSEWHERE,
    "sittings.cancelled_on": ELSEWHERE,
    "sittings.day": PLANNED,
    "sittings.ruled_on": PLANNED,
    "sittings.settled_on": ELSEWHERE,
    "sittings.starts_at": PLANNED,
    "source_files.left_out_at": MEASURED,
    "source_files.sent_at": MEASURED,
    "sources.last_extracted_at": MEASURED,
    "steps.on_day": VOID,
    "undoings.after_on": OF_A_PERSON,
    "undoings.undone_at": "of the undoing itself, on the right day",
    "undoings.undone_on": "of the undoing itself, on the right day",
}


def of_days(metadata: MetaData) -> Iterator[str]:
    """The columns that hold a day, a moment, or a list of days."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            kind: TypeEngine[object] = column.type.item_type if isinstance(column.type, ARRAY) else column.type
            if isinstance(kind, Date | DateTime | Moment):
                yield f"{table.name}.{column.name}"


def brought_back() -> set[str]:
    listed = (*undoing.DAYS, *undoing.BY_PEOPLE, *undoing.MOMENTS)
    return {f"{table}.{column}" for table, columns in listed for column in columns}


def sent() -> set[str]:
    """The columns of extracts: an extract that was taken later than now is refused, and so are later days of facts."""
    return {
        f"{file.table.__tablename__}.{column.kept_as}"
        for file in FILES.values()
        for column in file.columns
        if column.kept_as
    }


def undecided(metadata: MetaData) -> list[str]:
    return sorted(set(of_days(metadata)) - brought_back() - sent() - REASONS.keys())


def test_every_stored_day_is_brought_back_or_has_a_reason() -> None:
    assert undecided(Base.metadata) == []


@pytest.mark.parametrize("kind", [Date(), Moment(), ARRAY(Date)])
def test_a_column_that_nobody_decided_about_is_found(kind: TypeEngine[object]) -> None:
    grown = MetaData()
    Table("cases", grown, Column("noticed_on", kind))
    assert undecided(grown) == ["cases.noticed_on"]


def test_every_name_is_a_columns_and_none_has_both_a_reason_and_a_way_back() -> None:
    known = set(of_days(Base.metadata))
    assert REASONS.keys() | brought_back() <= known
    assert REASONS.keys() & (brought_back() | sent()) == set()

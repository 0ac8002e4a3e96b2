"""Reads and writes for the taking back of an outcome that a person recorded. No outcome is deleted."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from config.sittings import ConveningEnd
from models.queries.driver import execute, first_as
from models.queries.reviews.recorded_outcomes import CAME
from models.rules.reviews.record_review import ReviewOutcome


class RecordedOutcome(NamedTuple):
    """One outcome of a case at its sitting, as it was recorded. `by_ref` is None for an extract's."""

    id: int
    by_ref: str | None
    review_ref: str | None
    recorded_on: date
    stands: bool
    taken_back: bool
    quorate: bool
    came: ReviewOutcome  # without the actions that it asked for
    action_refs: tuple[str, ...]


_OUTCOME = f"""
select o.id, o.by_ref, o.review_ref, o.recorded_on, o.stands, l.undoes as taken_back, o.quorate, {CAME},
       coalesce(o.action_refs, '{{}}') as action_refs
from convenings v join outcomes o on o.convening_id = v.id
cross join lateral (
    select coalesce(max(a.id), 0) as act_id, coalesce(bool_or(a.undoes), false) as undoes from acts a
    where a.case_id = v.case_id and a.outcome_id = o.id) l
where v.id = %(convening)s"""


def last_touched(connection: Connection, convening_id: int) -> RecordedOutcome | None:
    """Return the outcome of a convening that a person recorded or took back last; None where nobody did."""
    return first_as(
        connection,
        RecordedOutcome,
        f"{_OUTCOME} and o.by_ref is not null order by l.act_id desc, o.id desc limit 1",
        {"convening": convening_id},
    )


def outcome_before(connection: Connection, convening_id: int, outcome_id: int) -> RecordedOutcome | None:
    """Return the outcome that an outcome replaced; None where there is none, or its actions were not kept."""
    return first_as(
        connection,
        RecordedOutcome,
        f"{_OUTCOME} and o.id < %(outcome)s and not l.undoes and o.action_refs is not null order by o.id desc limit 1",
        {"convening": convening_id, "outcome": outcome_id},
    )


def take_back(connection: Connection, convening_id: int, gone: int, before: RecordedOutcome | None) -> None:
    """Let an outcome stand no more, and the one before it stand again; without one, the sitting is unrecorded."""
    execute(connection, "update outcomes set stands = false where id = %s", (gone,))
    end = ConveningEnd.UNRECORDED
    if before is not None:
        execute(connection, "update outcomes set stands = true where id = %s", (before.id,))
        end = ConveningEnd.HELD if before.quorate else ConveningEnd.NOT_HELD
    execute(connection, 'update convenings set "end" = %s where id = %s', (end, convening_id))


def keep_actions(connection: Connection, outcome_id: int, refs: Sequence[str]) -> None:
    """Write which actions an outcome asks for."""
    execute(connection, "update outcomes set action_refs = %s where id = %s", (sorted(refs), outcome_id))


def restore_actions(connection: Connection, refs: Sequence[str]) -> None:
    """Ask again for actions that were withdrawn."""
    execute(connection, "update actions set withdrawn_on = null where action_ref = any(%s)", (list(refs),))

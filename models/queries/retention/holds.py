"""Reads and writes of legal holds."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.retention import HoldReason
from models.queries.driver import execute, fetch_as
from models.rules.people.act import Act


class StandingHold(NamedTuple):
    """A hold that was not released, with its case."""

    force_code: str
    case_ref: str
    reason: HoldReason
    reference: str | None
    by_ref: str
    held_at: datetime


def standing(connection: Connection) -> list[StandingHold]:
    """Return the holds that stand, by case."""
    return fetch_as(
        connection,
        StandingHold,
        """select c.force_code, c.case_ref, h.reason, h.reference, h.by_ref, h.held_at
           from holds h join cases c on c.id = h.case_id where h.released_at is null
           order by c.force_code, c.case_ref, h.id""",
    )


def lock(connection: Connection, case_id: int) -> bool:
    """Keep a case from being erased until commit, and return whether it is still there."""
    return execute(connection, "select from cases where id = %s for key share", (case_id,)) > 0


def place(
    connection: Connection, case_id: int, reason: HoldReason, reference: str | None, act: Act, at: datetime
) -> bool:
    """Hold a case that is locked, and return whether it is a new hold."""
    placed = execute(
        connection,
        """insert into holds (case_id, reason, reference, by_ref, door, through_ref, held_at)
           values (%(case)s, %(reason)s, %(reference)s, %(by)s, %(door)s, %(through)s, %(at)s)
           on conflict do nothing""",
        {
            "case": case_id, "reason": reason.value, "reference": reference, "by": act.by, "door": act.door.value,
            "through": act.through, "at": at,
        },
    )  # fmt: skip
    return placed > 0


def release(connection: Connection, case_id: int, reason: HoldReason | None, by: str, at: datetime) -> int:
    """Release the holds of a case, all or those for one reason, and return how many stood."""
    return execute(
        connection,
        """update holds set released_by = %(by)s, released_at = %(at)s
           where case_id = %(case)s and released_at is null and (%(reason)s::text is null or reason = %(reason)s)""",
        {"case": case_id, "reason": reason.value if reason else None, "by": by, "at": at},
    )

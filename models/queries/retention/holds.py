"""Reads and writes of legal holds."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.retention import HoldReason
from models.queries.driver import execute, fetch_as, first_as, one_as
from models.rules.people.act import Act


class StandingHold(NamedTuple):
    """A hold that was not released, with its case."""

    force_code: str
    case_ref: str
    reason: HoldReason
    reference: str | None
    by_ref: str
    held_at: datetime


class ReleasedHold(NamedTuple):
    """A hold that was released, and who had placed it."""

    id: int
    by_ref: str


class _Placed(NamedTuple):
    id: int


# The ids of the cases that a hold keeps: those that were named, and those of their URN.
KEPT = """select h.case_id as id from holds h where h.released_at is null
    union select c.id from holds h join cases named on named.id = h.case_id
          join cases c on c.urn_key_id = named.urn_key_id where h.released_at is null"""
# Not by disclosed: for operations at their machine
_STANDING = """select c.force_code, c.case_ref, h.reason, h.reference, h.by_ref, h.held_at
               from holds h join cases c on c.id = h.case_id where h.released_at is null"""


class KeptCases(NamedTuple):
    """How many cases holds keep, and the day on which the first of them was opened; None without any."""

    cases: int
    since: date | None


def standing(connection: Connection) -> list[StandingHold]:
    """Return the holds that stand, by case."""
    return fetch_as(connection, StandingHold, f"{_STANDING} order by c.force_code, c.case_ref, h.id")


def keeping(connection: Connection, case_id: int) -> list[StandingHold]:
    """Return the holds that keep a case: its own, and those of the cases of its URN."""
    # Not by disclosed: for operations at their machine
    linked = "c.urn_key_id = (select urn_key_id from cases where id = %(case)s)"
    statement = f"{_STANDING} and (c.id = %(case)s or {linked}) order by c.force_code, c.case_ref, h.id"
    return fetch_as(connection, StandingHold, statement, {"case": case_id})


def kept(connection: Connection) -> KeptCases:
    """Count the cases that holds keep. Nothing that happened with one is older than its opening."""
    statement = f"select count(*) as cases, min(c.opened_on) as since from cases c where c.id in ({KEPT})"
    return one_as(connection, KeptCases, statement)


def lock(connection: Connection, case_id: int) -> bool:
    """Keep a case from being erased until commit, and return whether it is still there."""
    return execute(connection, "select from cases where id = %s for key share", (case_id,)) > 0


def place(
    connection: Connection, case_id: int, reason: HoldReason, reference: str | None, act: Act, at: datetime
) -> int | None:
    """Hold a case that is locked, and return the id of the hold; None where it is held for this already."""
    statement = """
        insert into holds (case_id, reason, reference, by_ref, door, through_ref, held_at)
        values (%(case)s, %(reason)s, %(reference)s, %(by)s, %(door)s, %(through)s, %(at)s)
        on conflict do nothing returning id"""
    given = {
        "case": case_id, "reason": reason.value, "reference": reference, "by": act.by, "door": act.door.value,
        "through": act.through, "at": at,
    }  # fmt: skip
    placed = first_as(connection, _Placed, statement, given)
    return placed.id if placed else None


def release(
    connection: Connection, case_id: int, reason: HoldReason | None, by: str, at: datetime, reference: str | None = None
) -> list[ReleasedHold]:
    """Release the holds of a case, all or those for one reason or one file, and return those that stood."""
    statement = """
        update holds set released_by = %(by)s, released_at = %(at)s
        where case_id = %(case)s and released_at is null and (%(reason)s::text is null or reason = %(reason)s)
          and (%(reference)s::text is null or reference = %(reference)s)
        returning id, by_ref"""
    given = {
        "case": case_id, "reason": reason.value if reason else None, "reference": reference, "by": by, "at": at,
    }  # fmt: skip
    return fetch_as(connection, ReleasedHold, statement, given)

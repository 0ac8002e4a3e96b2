"""A duty of several parts: those that can be seen are asked, and the others never count as done."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from config.terms import EndReason, OwedBy
from models.rules.result import OwesNothing
from models.rules.sight import SentColumn, Sight


class DutyPart(NamedTuple):
    """One part of a duty: its name for readers, whether and when it was done, and why it cannot be seen (or empty)."""

    name: str
    done: bool
    on: date | None
    unseen: str


def recorded(
    name: str,
    day: date | None,
    column: SentColumn,
    sight: Sight,
    source_id: int | None,
    earliest: date = date.min,
) -> DutyPart:
    """Return a part that is done once a day is recorded for it, not before the earliest that counts.

    The source that sent the row is the one that would tell; without a row (`source_id` None) any source of either side.
    """
    done = day is not None and day >= earliest
    return DutyPart(name, done=done, on=day, unseen="" if done else sight.blind(column, source_id, OwedBy.BOTH))


def missing(parts: Iterable[DutyPart]) -> tuple[str, ...]:
    """Return the names of the parts that can be seen not to be done, for readers."""
    return tuple([part.name for part in parts if not part.done and not part.unseen])


def unrecorded(names: Iterable[str]) -> str:
    """Return what is said of missing parts beside a calculation."""
    return f"not recorded yet: {', '.join(names)}"


def settled(subject: str, parts: Sequence[DutyPart], why: str) -> OwesNothing:
    """Answer for a duty of which no part is missing: met with the last one, or else what cannot be seen of it."""
    unseen = next((part.unseen for part in parts if not part.done), "")
    if unseen:
        return OwesNothing(subject, EndReason.UNSEEN, unseen)
    return OwesNothing(subject, EndReason.MET, why, max(part.on for part in parts if part.on))

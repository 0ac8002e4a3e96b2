"""Compare the audit log with its seals, from the first, and name the first row that is not as it was sealed."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from models.errors import Refuse
from models.queries.audit_log import checkpoints, guards, seals
from models.queries.audit_log.checkpoints import Checkpoint
from models.queries.audit_log.guards import Opening
from models.queries.audit_log.seals import FIRST, ComparedSeal, DatedRow, Head
from tasks.audit_log import sealing
from tasks.platform.text import moment, number_of
from tasks.servers.database import transaction

_HEAD = re.compile(r"(?P<number>[1-9][0-9]{0,17}):(?P<digest>[0-9a-f]{16,64})")
_AT_ONCE = 20  # seals of one statement
_OPENINGS = {
    Opening.OFF: "is off or gone",
    Opening.ADDED: "was added",
    Opening.REPLACED: "is another function than the migrations made",
}
RowsCompared = Callable[[int, int], None]  # rows so far, rows in total


class Verification(NamedTuple):
    """The outcome of the comparison: rows with a seal and without, the head, and a sentence for what does not hold.

    `erased` is the last seal that a purge erased: the log proves what came after it. 0 where none was. `erasure` says
    when and by whom that was done, and from when what is left begins.
    """

    seals: int
    rows: int
    unsealed: int
    head: str | None
    broken: str | None
    erased: int = 0
    erasure: str = ""


def verify(expected: Sequence[str], progress: RowsCompared) -> Verification:
    """Compare every row with its seal, its moment with the seals around it, and the chain with heads that were named.

    The heads of the reports whose texts are kept here are compared too. The time grows with the rows; the memory does
    not. Raises Refuse if one of `expected` is no head.
    """
    asked = [_head(text) for text in expected]
    with transaction() as connection:
        total, head, erased = seals.sealed_rows(connection), seals.head(connection), _erased(connection)
        for named in asked:
            _refuse_erased(named, erased)
        broken = (
            _broken(connection, total, erased, progress)
            or _added(connection)
            or next((said for named in asked if (said := _cut(connection, named, head, erased))), "")
            or _cut_since_a_report(connection, head, erased)
            or _unguarded(connection)
        )
        return Verification(
            seals=head.number - (erased.number if erased else 0) if head else 0,
            rows=total,
            unsealed=seals.unsealed_rows(connection),
            head=sealing.written(head) if head else None,
            broken=broken or None,
            erased=erased.number if erased else 0,
            erasure=_erasure(connection, erased) if erased else "",
        )


def _refuse_erased(named: Head, erased: Checkpoint | None) -> None:
    if erased and named.number < erased.number:
        raise Refuse(
            f"Seal {named.number} was erased with the beginning of the log, up to seal {erased.number}: name the "
            "head of a later report."
        )


def _erasure(connection: Connection, erased: Checkpoint) -> str:
    left = moment(seals.sealed_at(connection, erased.number + 1))
    return (
        f"It begins after seal {erased.number}: {number_of(erased.rows, 'row')} before were erased by {erased.by} "
        f"({moment(erased.at)}). The first seal that is left was made on {left}."
    )


def _erased(connection: Connection) -> Checkpoint | None:
    """Return the last seal that a purge erased, where the log has its row; None where it begins with seal 1."""
    first = seals.first_number(connection)
    return checkpoints.of_seal(connection, first - 1) if first and first > 1 else None


def _head(expected: str) -> Head:
    match = _HEAD.fullmatch(expected.strip())
    if not match:
        raise Refuse("A head is a number and hexadecimal digits, as in the daily report: 812:3f9a0c51d27e44b8.")
    return Head(int(match["number"]), match["digest"])


def _broken(connection: Connection, total: int, erased: Checkpoint | None, progress: RowsCompared) -> str:
    """Return a sentence for the first seal that does not hold, or for a row without one of an impossible moment."""
    number, done, newest = erased.number if erased else 0, 0, None
    begins = Head(number + 1, erased.digest) if erased else FIRST
    while batch := seals.compared(connection, number, _AT_ONCE, begins):
        for seal in batch:
            if fault := _fault(connection, seal, number + 1, newest):
                return fault
            number, done, newest = seal.number, done + seal.row_count, seal.newest
        progress(done, total)
    return _misdated(seals.misdated_row(connection, newest))


def _fault(connection: Connection, seal: ComparedSeal, number: int, newest: datetime | None) -> str:
    """Return a sentence if this is not the seal of a number that was made of its rows, at their moments."""
    if seal.number != number:
        return f"Seal {number} is missing."
    if not seal.holds:
        return _named(connection, seal)
    if not seal.fits:
        return f"The count, marks or reach of seal {seal.number} were changed: its rows are as they were sealed."
    if seal.too_late:
        return f"Row {seal.too_late} was added later among rows that were sealed."
    if newest and seal.oldest and seal.oldest < newest:
        return _misdated(seals.too_old_row(connection, seal.number, newest))
    return ""


def _misdated(row: DatedRow | None) -> str:
    return f"Row {row.id} has a moment ({moment(row.at)}) that is not between the seals around it." if row else ""


def _unguarded(connection: Connection) -> str:
    said = ", ".join(f"{guard.name} {_OPENINGS[guard.how]}" for guard in guards.weaknesses(connection))
    return f"The log is open to changes: {said}." if said else ""


def _named(connection: Connection, seal: ComparedSeal) -> str:
    at = moment(seals.sealed_at(connection, seal.number))
    row = seals.broken_row(connection, seal.number)
    if row is None:
        return (
            f"Seal {seal.number} of {at} was changed: its rows, or the seal before it, are others than it was made of."
        )
    if row.missing:
        return f"Row {row.id} is missing; seal {seal.number} of {at} covers it."
    return f"Row {row.id} is not as it was when seal {seal.number} was made ({at})."


def _added(connection: Connection) -> str:
    row = seals.added_row(connection)
    return f"Row {row} was added later among rows that were sealed." if row else ""


def _cut_since_a_report(connection: Connection, head: Head | None, erased: Checkpoint | None) -> str:
    """Compare the chain with the heads of reports whose text is kept here, which whoever cuts the log may forget."""
    named = map(_head, seals.reported_heads(connection))
    left = [named_head for named_head in named if erased is None or named_head.number >= erased.number]
    return next((said for named_head in left if (said := _cut(connection, named_head, head, erased))), "")


def _cut(connection: Connection, expected: Head, head: Head | None, erased: Checkpoint | None) -> str:
    """Return a sentence if the chain does not lead to a head that was reported."""
    gone = erased is not None and erased.number == expected.number
    digest = erased.digest if erased and gone else seals.digest_of(connection, expected.number)
    if digest is None:
        last = f"the last one is seal {head.number}" if head else "there is none"
        return f"Seal {expected.number} is missing ({last}): the end of the log was cut off."
    if not digest.startswith(expected.digest):
        return f"Seal {expected.number} is another one than was reported: the log was written again."
    return ""

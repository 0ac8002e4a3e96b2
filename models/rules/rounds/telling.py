"""The auditor's messages to operations: a set of findings once a day, more when one is new, and their end once."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

MOST = 6  # messages a day, from which on what was written that day is not written again, nor that all is well again
WELL = "well again"  # among the keys: their end was written, and they are kept so that they are not new


class Finding(NamedTuple):
    """Something that does not hold. Its key stays the same while its counts change."""

    key: str
    sentence: str  # counts, force codes and ids, without a full stop
    passing: bool = False  # it may pass by itself, and is written once it was found twice in a row


class Written(NamedTuple):
    """The findings that operations were written on a day, by their keys, and how many messages the day had."""

    day: date
    keys: tuple[str, ...] = ()
    messages: int = 0


class Telling(NamedTuple):
    """The findings to write now, if any, or that all is well again; and all that was written after that."""

    findings: tuple[Finding, ...]
    well_again: bool
    written: Written


def to_tell(findings: Sequence[Finding], before: Sequence[str], written: Written, day: date) -> Telling:
    """Decide what operations are written. `before` holds the keys of the findings of the last check.

    What is still open on another day is written again, once. What comes and goes is written until the day has had
    `MOST` messages; what is new on that day always is, and its end.
    """
    known = written if written.day == day else Written(day)
    sure = tuple(finding for finding in findings if not finding.passing or finding.key in before)
    new = {finding.key for finding in sure}.difference(known.keys)
    if new:
        keys = tuple(sorted({*known.keys, *new} - {WELL}))
        return Telling(sure, well_again=False, written=Written(day, keys, known.messages + 1))
    if not findings and written.keys and WELL not in written.keys:
        keys = (*known.keys, WELL) if known.messages + 1 >= MOST else ()
        return Telling((), well_again=True, written=Written(day, keys, known.messages + 1))
    return Telling((), well_again=False, written=written)

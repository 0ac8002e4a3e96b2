"""The volume of an extract: what it does to its source's open cases and to the cells of a column, held to limits."""

from typing import NamedTuple

from config.policy import IntakePolicy

LEAST_EXTRACTS = 5  # of a source's past, from which on it shows how many new cases are usual
TIMES_USUAL = 3


class CaseVolume(NamedTuple):
    """How many of a source's open cases an extract closes, reclassifies or downgrades; `changed` are any of these."""

    closed: int
    reclassified: int
    downgraded: int
    changed: int


def changes_too_many(volume: CaseVolume, open_cases: int, limits: IntakePolicy) -> bool:
    """Return whether an extract changes so many of the open cases that they may be wrong: each would owe less, or else.

    Both limits have to be passed: `more_than_rows` cases, and `unlike_percent` of those that are open before it.
    """
    return volume.changed > limits.more_than_rows and volume.changed * 100 > limits.unlike_percent * open_cases


def empties_too_many(emptied: int, filled: int, limits: IntakePolicy) -> bool:
    """Return whether an extract empties so many of a column's filled cells that the column itself must be broken."""
    return emptied > limits.more_than_rows and emptied * 100 >= limits.emptied_percent * filled


def grows_too_fast(new: int, before: int, most: int, extracts: int, limits: IntakePolicy) -> bool:
    """Return whether an extract brings so many new cases that somebody should look; they are worked on all the same.

    They are held against the cases that there were `before`, and the `most` of one of its source's past `extracts`.
    """
    many = new > limits.more_than_rows and new * 100 > limits.unlike_percent * before
    return many and extracts >= LEAST_EXTRACTS and new > TIMES_USUAL * most

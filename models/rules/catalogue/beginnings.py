"""Which of several beginnings a duty counts from, where the policy counts only what began from a day on."""

from collections.abc import Iterable
from datetime import date


def first_since(days: Iterable[date], since: date | None) -> date:
    """Return the first of one or more days that the policy's `since` counts; the first of all if it counts none.

    A day before `since` stands in no later one's way. Where all are before it, the rulebook says that none counts.
    """
    return min(days, key=lambda day: (since is not None and day < since, day))

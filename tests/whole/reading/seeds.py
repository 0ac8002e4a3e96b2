"""The seeds of the random books: those of every day, three that a date draws, and those of `make reading`."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

STANDING = (17, 34, 44, 46, 48, 53, 65, 66)  # in which rules end in nearly every way (test_every_rule.py)
ALL = range(1, 201)  # what `make reading` reads
DRAWN = 3


def listed(written: str) -> list[int]:
    """Return the numbers of a list such as `3,7-9`."""
    found: list[int] = []
    for part in written.split(","):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found


def drawn(day: date) -> list[int]:
    """Return the seeds that a day draws, the same for everyone on it."""
    others = [seed for seed in ALL if seed not in STANDING]
    return sorted(random.Random(day.isoformat()).sample(others, DRAWN))  # noqa: S311


def ids(day: date) -> dict[str, int]:
    """Return the seeds of a day by the id of their test."""
    return {str(seed): seed for seed in STANDING} | {f"{seed}-drawn-on-{day}": seed for seed in drawn(day)}

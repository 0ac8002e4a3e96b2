"""The first days of the forces of a random book: in a third of the books, of some of its forces."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


def starts_of(seed: int, forces: list[str], began: date) -> dict[str, date]:
    """Give the first days. They are drawn apart; all else is as it would be without, but for what a seat changes."""
    rng = random.Random(f"first day {seed}")  # noqa: S311
    if rng.random() > 0.35:
        return {}
    some = rng.sample(forces, rng.choice([1, 2, 2, 3]))
    return {force: began + timedelta(days=rng.randrange(-4, 25)) for force in some}

"""How far a recipe reads a column's cells."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple


class Fit(NamedTuple):
    """The recipe of a column, how many of its filled cells that reads, and how many there are."""

    recipe: dict[str, Any]
    read: int
    filled: int

    @property
    def share(self) -> float:
        """The part of the filled cells that are read."""
        return self.read / self.filled if self.filled else 0.0


def best(filled: Sequence[str], reads: Callable[[str], bool], recipes: Iterable[dict[str, Any]]) -> Fit:
    """Return the first of the recipes that reads the most cells."""
    found = [Fit(recipe, sum(reads(part_of(text, recipe)) for text in filled), len(filled)) for recipe in recipes]
    return max(found, key=lambda one: one.read)


def part_of(text: str, recipe: dict[str, Any]) -> str:
    """Return the part of a cell that a recipe takes."""
    if not recipe:
        return text
    parts = text.split(recipe["split_at"])
    place = recipe["part"] - 1 if recipe["part"] > 0 else len(parts) - 1
    return parts[place].strip() if place < len(parts) else ""

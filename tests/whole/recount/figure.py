"""A figure of the report: its number, what it is of, and whether it can be seen."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.whole.recount.counting import Counting


@dataclass(frozen=True)
class Figure:
    """A number, what it is of, and whether it can be seen."""

    number: float | None
    whole: int | None = None
    seen: str = "seen"
    without: tuple[str, ...] = ()

    @property
    def share(self) -> int | None:
        """What it is of its whole, in percent, rounded down."""
        return int(self.number * 100 // self.whole) if self.whole and self.number is not None else None


Figures = dict[str, Figure]


def tell(count: Counting, needs: Iterable[str], numbers: Callable[[set[str]], Any], whole: str = "") -> Figures:
    """Give figures with their sight; `numbers` counts what the sources that are not left out sent."""
    if not count.telling:
        return {key: Figure(None, None, "no extracts") for key in numbers(set())}
    of, without = count.lacking(needs)
    if of <= without:
        return {key: Figure(None, None, "cannot be seen", tuple(sorted(without))) for key in numbers(set())}
    told = numbers(without)
    seen = "partly" if without else "seen"
    return {
        key: Figure(number, told.get(whole) if key != whole else None, seen, tuple(sorted(without)))
        for key, number in told.items()
    }


def middle(days: list[int]) -> float | None:
    return median(days) if days else None

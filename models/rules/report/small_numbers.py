"""Which numbers of a table to hide, so that no small number can be read or got back by subtraction.

A number from 1 to 4 is small: it may point to a person. Zero is shown, since it counts nobody. Where a reader could
work a small number out from numbers that are shown (a total less the other rows, a whole less its other parts), another
number of the same sum is hidden too. A sum may hold numbers that no page prints, such as those late of those due: they
are worked out as easily, and protected likewise.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

SMALL = range(1, 5)
Cell = TypeVar("Cell", bound=Hashable)
_PRIME = (1 << 61) - 1  # sums are solved in its whole numbers: no rounding


class Sum(NamedTuple):
    """A number of a table and those that add up to it."""

    whole: Hashable
    parts: tuple[Hashable, ...]


def hidden(
    numbers: Mapping[Cell, int],
    sums: Sequence[Sum],
    *,
    printed: Iterable[Cell],
    open_: Iterable[Cell] = (),
    kept: Iterable[Cell] = (),
) -> frozenset[Cell]:
    """Return the numbers to hide, of those that are printed.

    Numbers in `open_` are shown however small they are. A small number that follows from `open_` numbers alone cannot
    be protected. Numbers in `kept` are protected however large they are, since another page hides them.
    """
    shown_anyway = frozenset(open_)
    may_hide = frozenset(printed) - shown_anyway
    protected = {cell for cell, number in numbers.items() if number in SMALL} - shown_anyway | frozenset(kept)
    hiding = protected & may_hide
    while True:
        unknown = (numbers.keys() - may_hide - shown_anyway) | hiding
        found = sorted(worked_out(sums, unknown) & protected, key=str)
        more = next(filter(None, (_next(each, numbers, sums, unknown, may_hide - hiding) for each in found)), None)
        if more is None:
            return frozenset(hiding)
        hiding |= {more}


def worked_out(sums: Sequence[Sum], unknown: Iterable[Hashable]) -> set[Hashable]:
    """Return the unknown numbers that follow from the sums and from all other numbers."""
    unknowns = set(unknown)
    solved: dict[Hashable, dict[Hashable, int]] = {}  # by its leading unknown: an equation, reduced
    for whole in sums:
        row = _without(solved, _equation(whole, unknowns))
        if row:
            lead = next(iter(row))
            row = _scaled(row, pow(row[lead], -1, _PRIME))
            for other, equation in solved.items():
                if lead in equation:
                    solved[other] = _added(equation, row, -equation[lead])
            solved[lead] = row
    return {lead for lead, equation in solved.items() if len(equation) == 1}


def _next(
    cell: Hashable,
    numbers: Mapping[Cell, int],
    sums: Sequence[Sum],
    unknown: Collection[Hashable],
    may_hide: frozenset[Cell],
) -> Cell | None:
    """Return the number to hide beside one that could be worked out: best one that is in several sums with one unknown.

    Then a part, not zero, the smallest. It is of a sum with that number, or with an unknown one that leads to it;
    None where all of them are hidden.
    """
    cells = {whole: (whole.whole, *whole.parts) for whole in sums}
    single = [whole for whole in sums if sum(one in unknown for one in cells[whole]) == 1]
    reached: set[Hashable] = {cell}
    while True:
        touching = [whole for whole in sums if not reached.isdisjoint(cells[whole])]
        further = reached.union(*((one for one in cells[whole] if one in unknown) for whole in touching))
        if further == reached:
            break
        reached = further
    near = {
        other: (
            -sum(other in cells[whole] for whole in single),
            other == whole.whole, not numbers[other], numbers[other], str(other),
        )
        for whole in touching
        for other in may_hide.intersection(cells[whole])
    }  # fmt: skip
    return min(near, key=near.__getitem__, default=None)


def _equation(whole: Sum, unknowns: set[Hashable]) -> dict[Hashable, int]:
    row: dict[Hashable, int] = {part: 1 for part in whole.parts if part in unknowns}
    if whole.whole in unknowns:
        row[whole.whole] = _PRIME - 1
    return row


def _without(solved: Mapping[Hashable, dict[Hashable, int]], row: dict[Hashable, int]) -> dict[Hashable, int]:
    """Take out of an equation the unknowns that others lead."""
    for lead in [one for one in row if one in solved]:
        row = _added(row, solved[lead], -row[lead])
    return row


def _scaled(row: dict[Hashable, int], by: int) -> dict[Hashable, int]:
    return {cell: number * by % _PRIME for cell, number in row.items()}


def _added(row: dict[Hashable, int], other: dict[Hashable, int], by: int) -> dict[Hashable, int]:
    made = dict(row)
    for cell, number in other.items():
        made[cell] = (made.get(cell, 0) + number * by) % _PRIME
    return {cell: number for cell, number in made.items() if number}

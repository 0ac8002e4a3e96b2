"""Which numbers of a table to hide, so that no small number can be read, or got back from what is shown.

A number from 1 to 4 is small: it may point to a person. Zero is shown, since it counts nobody, so that a reader knows
of a hidden number that it is at least 1, and which sums it is in. A hidden number is safe if it has a *witness*:
another table with the same shown numbers, the same sums, and another number in its place. The cheapest witness says
which other numbers to hide, and hiding more takes no witness away. A sum may hold numbers that no page prints, such as
those late of those due: they are worked out as easily, and protected likewise.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from models.rules.report.witness import SMALL, Sum, SummedTable, Witness

Cell = TypeVar("Cell", bound=Hashable)


class _Sight(NamedTuple):
    """The numbers that a reader does not see, those that may be hidden besides, and the small ones, to be protected."""

    unknown: frozenset[Hashable]
    may_hide: frozenset[Hashable]
    small: Sequence[Hashable]


def hidden(
    numbers: Mapping[Cell, int],
    sums: Sequence[Sum],
    *,
    printed: Iterable[Cell],
    open_: Iterable[Cell] = (),
    elsewhere: Mapping[Cell, bool] | None = None,
    zeros: Iterable[Cell] = (),
    withheld: Iterable[Cell] = (),
) -> frozenset[Cell]:
    """Return the numbers to hide, of those that are printed.

    Numbers in `open_` are shown however small they are. A small number that they give away, whatever is hidden, cannot
    be protected; it is hidden, and nothing else is for its sake. `elsewhere` says of numbers of another page whether it
    hides them. Those in `zeros` may be hidden though they are zero, where nothing else protects a small number. Where
    even that does not, all that may be hidden is, and the zeros in `withheld` with it: where each number is a star, a
    reader does not know of any that it is at least 1.
    """
    known, others, last = frozenset(open_), elsewhere or {}, frozenset(zeros)
    ours: frozenset[Cell] = frozenset(printed) - others.keys() - known
    told = {cell for cell, hides in others.items() if not hides}
    sight = _Sight(
        unknown=frozenset(numbers.keys() - ours - known - told),
        may_hide=frozenset(cell for cell in ours if numbers[cell] or cell in last),
        small=sorted((cell for cell in numbers.keys() - known if numbers[cell] in SMALL), key=str),
    )
    table = SummedTable(numbers, sums, starred=sight.may_hide | others.keys())
    hiding, witnesses = _widened(table, sight)
    if lost := [cell for cell, witness in witnesses.items() if witness is None]:
        every = frozenset(cell for cell in ours if numbers[cell]) | ours.intersection(withheld)
        loose = SummedTable(numbers, sums, starred=others.keys())
        if not known or any(loose.witness(cell, sight.unknown | every, ()) for cell in lost):
            return every  # nothing is shown that is not proved
    hides = _narrowed(table, sight, hiding, witnesses)
    return frozenset(cell for cell in ours if cell in hides)


def _widened(table: SummedTable, sight: _Sight) -> tuple[frozenset[Hashable], dict[Hashable, Witness | None]]:
    """Hide the small numbers, and whatever the cheapest witness of each needs hidden. Return these, and the witnesses.

    The witness of a number is None where it can have none.
    """
    hiding, witnesses = sight.may_hide.intersection(sight.small), dict[Hashable, Witness | None]()
    for cell in sight.small:
        witnesses[cell] = table.witness(cell, sight.unknown | hiding, sight.may_hide)
        hiding |= sight.may_hide.intersection(witnesses[cell] or ())
    return hiding, witnesses


def _narrowed(
    table: SummedTable, sight: _Sight, hiding: frozenset[Hashable], witnesses: Mapping[Hashable, Witness | None]
) -> frozenset[Hashable]:
    """Show again, the largest first, what no small number needs hidden any more."""
    left, last = hiding, dict(witnesses)
    for cell in sorted(hiding.difference(sight.small), key=lambda other: (-table.numbers[other], str(other))):
        using = [other for other, witness in last.items() if witness and cell in witness]
        instead = {other: table.witness(other, sight.unknown | left - {cell}, ()) for other in using}
        if all(instead.values()):
            left -= {cell}
            last |= instead
    return left

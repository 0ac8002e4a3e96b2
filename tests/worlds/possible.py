"""What a reader of a report can rule out: a search through all tables that have the same shown numbers."""

from collections.abc import Hashable, Iterable, Mapping, Sequence

Equation = tuple[Mapping[Hashable, int], int]  # the coefficients of its unknowns, and what they add up to
_BEYOND = 6  # above the largest number of the table; less room makes the reader surer


class Impossible(Exception):
    """No table has these bounds."""


def equations(numbers: Mapping[Hashable, int], sums: Iterable, unknown: Iterable[Hashable]) -> Sequence[Equation]:
    """Return each sum as what its unknowns add up to."""
    there = frozenset(unknown)
    found = []
    for each in sums:
        signs = dict.fromkeys(each.parts, 1) | {each.whole: -1}
        known = sum(sign * numbers[cell] for cell, sign in signs.items() if cell not in there)
        of = {cell: sign for cell, sign in signs.items() if cell in there}
        if of:
            found.append((of, -known))
    return found


def determined(
    numbers: Mapping[Hashable, int],
    sums: Iterable,
    at_least: Mapping[Hashable, int],
    asked: Iterable[Hashable],
) -> set[Hashable]:
    """Return those of the asked cells that have no other number in any table; `at_least` has every unknown cell."""
    given = equations(numbers, sums, at_least)
    return {cell for cell in asked if not _has_another(cell, numbers, given, at_least)}


def _has_another(cell, numbers, given: Sequence[Equation], at_least) -> bool:
    number, most = numbers[cell], max(numbers.values()) + _BEYOND
    for low, high in ((number + 1, most), (at_least[cell], number - 1)):
        bounds = {other: (least, most) for other, least in at_least.items()} | {cell: (low, high)}
        if low <= high and _search(bounds, given, numbers):
            return True
    return False


def _search(bounds, given: Sequence[Equation], numbers) -> bool:
    """Return whether a table lies within the bounds. They are narrowed, then one cell's numbers tried."""
    try:
        bounds = _narrowed(dict(bounds), given)
    except Impossible:
        return False
    loose = [cell for cell, (low, high) in bounds.items() if low < high and any(cell in of for of, _ in given)]
    if not loose:
        return True
    cell = min(loose, key=lambda each: (bounds[each][1] - bounds[each][0], str(each)))
    low, high = bounds[cell]
    near = min(max(numbers[cell], low), high)
    if _search(bounds | {cell: (near, near)}, given, numbers):
        return True
    if near > low and _search(bounds | {cell: (low, near - 1)}, given, numbers):
        return True
    return near < high and _search(bounds | {cell: (near + 1, high)}, given, numbers)


def _narrowed(bounds, given: Sequence[Equation]):
    """Return the bounds that the equations leave. Raises Impossible where nothing is left."""
    changed = True
    while changed:
        changed = False
        for of, total in given:
            ends = {cell: sorted(sign * bound for bound in bounds[cell]) for cell, sign in of.items()}
            lows, highs = sum(low for low, _ in ends.values()), sum(high for _, high in ends.values())
            for cell, sign in of.items():
                low, high = ends[cell]
                least, most = max(low, total - (highs - high)), min(high, total - (lows - low))
                if least > most:
                    raise Impossible
                if (least, most) != (low, high):
                    bounds[cell] = tuple(sorted((sign * least, sign * most)))
                    return_ends = sorted(sign * bound for bound in bounds[cell])
                    lows, highs = lows + return_ends[0] - low, highs + return_ends[1] - high
                    ends[cell] = return_ends
                    changed = True
    return bounds

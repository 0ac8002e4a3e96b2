"""Random tables as a report prints them: places within places, beside kinds, and what was done in time of them."""

from collections.abc import Callable, Hashable, Iterator
from random import Random

from models.rules.report.witness import Sum

Place = tuple[str | None, str | None]  # a force and an area; None: all of them
_RANGES = ((0, 0, 0, 1, 2), (0, 1, 2, 5, 9), (0, 0, 1, 3, 8, 20, 40), (5, 6, 7, 1), (0, 0, 0, 0, 1, 9))


def nested_table(random: Random) -> tuple[dict[Hashable, int], list[Sum], frozenset[Hashable]]:
    """Return numbers by (force, area, kind), their sums, and which are printed: not those that were late."""
    pairs = _pairs(random)
    kinds, numbers = [f"kind {number}" for number in range(random.randint(1, 2))], random.choice(_RANGES)
    inner = {pair: {kind: random.choice(numbers) for kind in kinds} for pair in pairs}
    for row in inner.values():
        row["total"] = sum(row.values())
        row["in time"] = random.randint(0, row["total"])
        row["late"] = row["total"] - row["in time"]
    places = {place for force, area in pairs for place in ((force, area), (force, None), (None, area), (None, None))}
    table: dict[Hashable, int] = {
        (*place, kind): sum(row[kind] for pair, row in inner.items() if _lies(place, pair))
        for place in sorted(places, key=str)
        for kind in (*kinds, "total", "in time", "late")
    }
    sums = [Sum((*place, "total"), tuple((*place, kind) for kind in parts))
            for place in sorted(places, key=str) for parts in (kinds, ("in time", "late"))]  # fmt: skip
    for kind in (*kinds, "total", "in time"):
        sums += [Sum((*whole, kind), tuple((*part, kind) for part in parts)) for whole, parts in _made_of(places)]
    return table, sums, frozenset((*place, kind) for place in places for kind in (*kinds, "total", "in time"))


def _pairs(random: Random) -> list[tuple[str, str]]:
    forces, areas = range(random.randint(1, 3)), range(random.randint(1, 2))
    every = [(f"force {force}", f"area {area}") for force in forces for area in areas]
    return [pair for pair in every if random.random() < 0.5] or every[:1]


def _lies(place: Place, pair: tuple[str, str]) -> bool:
    return all(whole in {None, part} for whole, part in zip(place, pair, strict=True))


def _made_of(places: set[Place]) -> Iterator[tuple[Place, list[Place]]]:
    """Return each place with those that make it up."""
    pairs = sorted(place for place in places if None not in place)
    ways: tuple[Callable[[Place], Place], ...] = (lambda pair: (pair[0], None), lambda pair: (None, pair[1]))
    for way in ways:
        wholes = sorted({way(pair) for pair in pairs}, key=str)
        yield (None, None), wholes
        yield from ((whole, [pair for pair in pairs if way(pair) == whole]) for whole in wholes)

"""The promise of specification 5, checked literally: every arrangement is tried, and none is better."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from tests.whole.reading.convening import FIRST, SECOND, SETTLED, THIRD
from tests.whole.reading.days import add

if TYPE_CHECKING:
    from tests.whole.reading.panels import Sitting

Counts = tuple[int, ...]  # how many of the first class are in time, of the second, of the third
MOST = 8  # cases: beyond, there are too many arrangements to try


def most_in_time(cases: list[tuple[int, list[int]]], free: Counts) -> Counts:
    """Try every arrangement of (class, the places in time) over what is free, and give the best counts."""

    @cache
    def best(first: int, left: Counts) -> Counts:
        if first == len(cases):
            return 0, 0, 0
        rank, may = cases[first]
        found = [best(first + 1, left)]
        for place in may:
            if left[place]:
                rest = best(first + 1, (*left[:place], left[place] - 1, *left[place + 1 :]))
                found.append(tuple(count + (rank == each) for each, count in enumerate(rest, FIRST)))
        return max(found)

    return best(0, free)


def better(
    where: dict[Any, Sitting],
    before: dict[Any, Sitting],
    ranks: dict[Any, int],
    deadlines: dict[Any, date],
    sittings: list[Sitting],
    today: date,
) -> list[str]:
    """Give the arrangements that would have been better, of those that leave every settled case in place."""
    held = {case for case, one in where.items() if before.get(case) == one}
    new = [case for case in ranks if case not in held]
    if len(new) > MOST:
        return []
    found = []
    for what, stay in (
        ("of the newcomers", held),
        (
            "of the first class",
            {case for case in held if ranks[case] == FIRST or today >= add(where[case].day, SETTLED)},
        ),
    ):
        taken = Counter(where[case] for case in stay)
        free = tuple(one.places - taken[one] for one in sittings)
        may = {
            case: [index for index, one in enumerate(sittings) if one.day <= deadlines[case]]
            for case in new
            if what == "of the newcomers" or ranks[case] == FIRST
        }
        in_time = Counter(ranks[case] for case in may if case in where and where[case].day <= deadlines[case])
        reached = tuple(in_time[rank] for rank in (FIRST, SECOND, THIRD))
        best = most_in_time([(ranks[case], places) for case, places in may.items()], free)
        if best != reached:
            found.append(f"{reached} {what} in time, where {best} could be: {sorted(may)}")
    return found

"""Another table that a reader cannot tell from the true one, by what is shown of both."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from heapq import heappop, heappush
from itertools import count
from typing import Any, NamedTuple

SMALL = range(1, 5)
Witness = Mapping[Hashable, int]  # the numbers that differ, each by 1 or -1
_MOST_TRIED = 20_000  # drafts of one witness
# What a witness costs: a number that differs, a sum that does not hold yet, a number that has to be hidden for it.
_DIFFERS, _OUT, _HIDES, _NO_LONGER_SMALL, _HIDES_ZERO = 1, 2, 4, 20, 1_000


class Sum(NamedTuple):
    """A number of a table and those that add up to it."""

    whole: Hashable
    parts: tuple[Hashable, ...]


class _Draft(NamedTuple):
    """A table on the way to a witness: by how much its numbers differ, and by how much its sums are out."""

    differs: Mapping[Hashable, int]
    out_by: Mapping[int, int]
    cost: int
    hides: int  # the sum of the numbers that have to be hidden for it

    @property
    def rank(self) -> tuple[int, int]:
        """Return its order among the drafts."""
        return self.cost + _OUT * len(self.out_by), self.hides


class SummedTable:
    """Numbers, their sums, and what a reader knows of them: one that may be starred is at least 1, unless it is 0."""

    def __init__(self, numbers: Mapping[Any, int], sums: Sequence[Sum], starred: Collection[Hashable]) -> None:
        self.numbers = numbers
        self._least = {cell: min(number, int(cell in starred)) for cell, number in numbers.items()}
        self._starred = starred
        self._signs = [dict.fromkeys(each.parts, 1) | {each.whole: -1} for each in sums]
        self._sums_of: dict[Hashable, list[int]] = defaultdict(list)
        for at, signs in enumerate(self._signs):
            for cell in signs:
                self._sums_of[cell].append(at)

    def witness(self, cell: Hashable, hidden: Collection[Hashable], may_hide: Collection[Hashable]) -> Witness | None:
        """Return the cheapest witness of a number, with so much hidden and what more may be; None where there is none.

        Since each number differs by 1 at most, the search ends. What it does not find, nobody calls safe.
        """
        order, drafts = count(), list[tuple[tuple[int, int], int, _Draft]]()
        begun = _Draft({}, {}, 0, 0)
        further: Iterable[_Draft] = (self._changed(begun, cell, step, hidden) for step in self._steps(cell, (1, -1)))
        for _ in range(_MOST_TRIED):
            for draft in further:
                heappush(drafts, (draft.rank, next(order), draft))
            if not drafts:
                return None
            draft = heappop(drafts)[2]
            if not draft.out_by:
                return draft.differs
            further = self._mended(draft, hidden, may_hide)
        return None

    def _mended(self, draft: _Draft, hidden: Collection[Hashable], may_hide: Collection[Hashable]) -> list[_Draft]:
        """Return the drafts in which one more number differs, so that a sum is out by 1 less: the sum with fewest."""
        ways = [self._ways(draft, at, hidden, may_hide) for at in draft.out_by]
        return [self._changed(draft, cell, step, hidden) for cell, step in min(ways, key=len)]

    def _ways(
        self, draft: _Draft, at: int, hidden: Collection[Hashable], may_hide: Collection[Hashable]
    ) -> list[tuple[Hashable, int]]:
        towards = -1 if draft.out_by[at] > 0 else 1
        return [
            (cell, sign * towards)
            for cell, sign in self._signs[at].items()
            if cell not in draft.differs
            and (cell in hidden or cell in may_hide)
            and self.numbers[cell] + sign * towards >= self._least[cell]
        ]

    def _steps(self, cell: Hashable, steps: Iterable[int]) -> list[int]:
        return [step for step in steps if self.numbers[cell] + step >= self._least[cell]]

    def _changed(self, draft: _Draft, cell: Hashable, step: int, hidden: Collection[Hashable]) -> _Draft:
        out_by = dict(draft.out_by)
        for at in self._sums_of[cell]:
            out_by[at] = out_by.get(at, 0) + step * self._signs[at][cell]
            if not out_by[at]:
                del out_by[at]
        number, hides = self.numbers[cell], cell not in hidden
        no_longer = cell in self._starred and number in SMALL and number + step not in SMALL
        cost = _DIFFERS + hides * (_HIDES if number else _HIDES_ZERO) + no_longer * _NO_LONGER_SMALL
        return _Draft({**draft.differs, cell: step}, out_by, draft.cost + cost, draft.hides + hides * number)

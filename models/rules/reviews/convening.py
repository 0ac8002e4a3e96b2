"""Convening: assigns due reviews to sittings, so that the most urgent keep their days and no case moves without need.

Source: the joint protocol of 2018 asks both sides to keep reviewing; the interval and the places at a sitting are local
standards.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from enum import IntEnum
from heapq import heapify, heappop, heappush
from itertools import accumulate
from typing import NamedTuple

from config.terms import Risk, Severity

_RISKS = {risk.value: risk for risk in Risk}


class Worth(IntEnum):
    """The classes in which places are given out. The lower number goes first."""

    FIRST = 1  # high or unknown risk, or critically overdue
    SECOND = 2  # medium
    THIRD = 3  # standard


class PanelSitting(NamedTuple):
    """One meeting of a panel after today.

    `movable` is true while a convened case may still have to give up its place.
    """

    ref: str
    day: date
    places: int
    movable: bool = True


class HeldPlace(NamedTuple):
    """A case's present sitting, with its due day and deadline, and whether a person chose it."""

    sitting: str
    due_on: date
    deadline_on: date
    chosen: bool = False


class DueCase(NamedTuple):
    """A case whose joint review falls due within the horizon. `severity` is the review's, today."""

    case_ref: str
    risk: Risk
    severity: Severity
    due_on: date
    last_review_on: date
    held: HeldPlace | None = None


class Placement(NamedTuple):
    """A case's sitting (None: no place is left), the day it should sit by, and whether it misses that day."""

    case_ref: str
    sitting: str | None
    deadline_on: date
    late: bool


def risk_of(written: str) -> Risk:
    """Parse a case's risk. An unreadable one is unknown, so that one case never blocks the others."""
    return _RISKS.get(written, Risk.UNKNOWN)


def worth(case: DueCase) -> Worth:
    """Return the class of a due review."""
    if case.risk.treated_as is Risk.HIGH or case.severity is Severity.CRITICALLY_OVERDUE:
        return Worth.FIRST
    return Worth.SECOND if case.risk is Risk.MEDIUM else Worth.THIRD


def by_worth(case: DueCase) -> tuple[Worth, date, date, str]:
    """Return the sort key for places: class, earliest due day, longest since the last review, reference."""
    return worth(case), case.due_on, case.last_review_on, case.case_ref


def deadline(due_on: date, sittings: Sequence[PanelSitting]) -> date:
    """Return the due day, or the first sitting's day if that is later."""
    return max(due_on, sittings[0].day) if sittings else due_on


def convene(due: Iterable[DueCase], sittings: Sequence[PanelSitting]) -> list[Placement]:
    """Give each due case of one pair one of its sittings, which are all after today and in day order.

    Cases are taken by worth. A case is placed in time if every case placed so far can still keep its deadline, and sits
    at the latest place that allows. The others take the earliest places left, in the same order, and are late. No other
    arrangement has more first-class cases in time, or as many of those and more second-class ones, and so on. A
    convened case stays unless its deadline is now before its sitting and was not then. While the sitting is movable, it
    also gives way if a case of a higher class would otherwise be late. A place that a person chose gives way only to
    the first class, and after all others.
    """
    cases = sorted(due, key=by_worth)
    if not sittings:
        return [Placement(case.case_ref, None, case.due_on, late=True) for case in cases]
    table = _Table(cases, sittings)
    if any(worth(case) is not Worth.THIRD for case in table.fill()) and table.movable:
        table.make_room()
        table.fill()
    return [table.place(case) for case in cases]


def _kept_first(case: DueCase) -> tuple[bool, tuple[Worth, date, date, str]]:
    """Return the sort key for keeping places if a sitting has fewer: first class and chosen places, then by worth."""
    chosen = case.held is not None and case.held.chosen
    return worth(case) is not Worth.FIRST and not chosen, by_worth(case)


class _Table:
    """The places of one pair: which cases keep theirs, and how many are free."""

    def __init__(self, cases: Sequence[DueCase], sittings: Sequence[PanelSitting]) -> None:
        self.cases, self.sittings = cases, sittings
        days = [sitting.day for sitting in sittings]
        self.last = {case.case_ref: bisect_right(days, deadline(case.due_on, sittings)) - 1 for case in cases}
        self.kept: dict[str, int] = {}
        self.given: dict[str, int] = {}
        self.movable: dict[tuple[bool, int], list[DueCase]] = {}  # by whether chosen, and sitting: by worth, least last
        numbers = {sitting.ref: number for number, sitting in enumerate(sittings)}
        left = [sitting.places for sitting in sittings]
        for case in sorted((case for case in cases if case.held), key=_kept_first):
            if case.held is None or (number := numbers.get(case.held.sitting)) is None:
                continue
            if left[number] > 0 and self._stays(case, case.held, number):
                self.kept[case.case_ref] = number
                left[number] -= 1
                if sittings[number].movable:
                    self.movable.setdefault((case.held.chosen, number), []).append(case)

    def _stays(self, case: DueCase, held_place: HeldPlace, number: int) -> bool:
        return number <= self.last[case.case_ref] or deadline(case.due_on, self.sittings) >= held_place.deadline_on

    def fill(self) -> list[DueCase]:
        """Place every case that has no place yet. Returns those for which no place in time is left."""
        before = _Before(self._free())
        self.given, late = {}, []
        for case in self.cases:
            if case.case_ref in self.kept:
                continue
            number = before.take(self.last[case.case_ref])
            if number is None:
                late.append(case)
            else:
                self.given[case.case_ref] = number
        after = (number for number, free in enumerate(before.free) for _ in range(free))
        self.given.update((case.case_ref, number) for case, number in zip(late, after, strict=False))
        return late

    def _free(self) -> list[int]:
        taken = Counter(self.kept.values())
        return [sitting.places - taken[number] for number, sitting in enumerate(self.sittings)]

    def make_room(self) -> None:
        """Take places from lower classes, in order of worth, for cases that would otherwise be late.

        A case fits if, up to each sitting from its last one on, places outnumber the cases that must sit by then. If
        not, any place at or before the first sitting that breaks this makes it fit.
        """
        spare = list(accumulate(self._free()))  # up to each sitting, beyond the cases that must sit by then
        wanting = [(by_worth(case), case) for case in self.cases if case.case_ref not in self.kept]
        heapify(wanting)
        while wanting and worth(wanting[0][1]) is not Worth.THIRD:
            _, case = heappop(wanting)
            last = self.last[case.case_ref]
            if 0 in spare[last:]:
                gives_up = self._lower(case, spare.index(0, last))
                if gives_up is None:
                    continue
                freed = self._release(gives_up)
                spare[freed:] = [each + 1 for each in spare[freed:]]
                heappush(wanting, (by_worth(gives_up), gives_up))
            spare[last:] = [each - 1 for each in spare[last:]]

    def _lower(self, case: DueCase, tight: int) -> DueCase | None:
        """Return the least case of a lower class that is still movable and whose place would let this case in."""
        for chosen in (False, True) if worth(case) is Worth.FIRST else (False,):
            there = (self.movable.get((chosen, number)) for number in range(tight + 1))
            lower = [each[-1] for each in there if each and worth(each[-1]) > worth(case)]
            if lower:
                return max(lower, key=by_worth)
        return None

    def _release(self, case: DueCase) -> int:
        """Take away a case's place, so that it is placed again by its worth. Returns the number of its sitting."""
        number = self.kept.pop(case.case_ref)
        self.movable[case.held is not None and case.held.chosen, number].remove(case)
        return number

    def place(self, case: DueCase) -> Placement:
        """Return where a case sits. Unless its due day is now later, it keeps an earlier deadline that it had."""
        number = self.kept.get(case.case_ref, self.given.get(case.case_ref))
        sitting = None if number is None else self.sittings[number]
        by = deadline(case.due_on, self.sittings)
        if case.held and case.due_on <= case.held.due_on:
            by = min(by, case.held.deadline_on)
        return Placement(case.case_ref, sitting.ref if sitting else None, by, sitting is None or sitting.day > by)


class _Before:
    """Finds the latest free place at or before a sitting. Each full sitting points to an earlier one."""

    def __init__(self, free: Sequence[int]) -> None:
        self.free, self.before = list(free), list(range(-1, len(free) - 1))

    def take(self, number: int) -> int | None:
        """Take the latest place at or before a sitting; None if there is none."""
        found = number
        while found >= 0 and not self.free[found]:
            found = self.before[found]
        while number > found:  # shortens the path for the next search
            self.before[number], number = found, self.before[number]
        if found < 0:
            return None
        self.free[found] -= 1
        return found

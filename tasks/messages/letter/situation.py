"""The situation of a letter's reader: what its headline counts, what leads that, and what of it no block lists."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain
from typing import NamedTuple

from tasks.messages.contexts import ObligationItem
from tasks.messages.letter.blocks import Blocks, counted, each_once, key, kind, pressing, stalls
from tasks.messages.letter.contexts import Count, Standing, WhatChanged

AGAIN = 3  # matters that are listed though they were told before, where they lead the headline
AHEAD = frozenset({"soon", "later"})
LATE = frozenset({"critical", "besides", "overdue"})  # of which a standing lists what is still open


class Situation(NamedTuple):
    """A reader's whole situation: what is open to them, by matter, and the numbers of what is not read one by one."""

    items: list[ObligationItem]
    stalled: int = 0
    old: int = 0
    restricted: int = 0
    by_case: bool = False  # whether what stalls a case counts as the case: its reader answers for a force or an Area

    @property
    def single(self) -> list[ObligationItem]:
        """The matters that are counted one by one: a danger that is new is, beside the case that it stalls."""
        return [entry for entry in self.items if not (self.by_case and stalls(entry)) or kind(entry) == "danger"]

    def counts(self, news: Sequence[ObligationItem]) -> tuple[Count, ...]:
        """Count the whole situation, the most urgent first, with what the news says is lost."""
        lost = [entry for entry in each_once(news) if kind(entry) == "lost"]
        return self._counted([*lost, *self.single], self.stalled)

    def left_out(self, parts: Blocks, standing: Standing | None) -> tuple[Count, ...]:
        """Count what of the situation the letter does not list, and which ends it leaves out."""
        with_it = [] if standing is None else [*chain.from_iterable(case.owed for case in standing.stalled)]
        with_it += standing.still_open if standing else ()
        listed = parts.listed | {key(entry) for entry in with_it}
        stalled = {entry.reference for entry in [*parts.shown, *with_it] if stalls(entry)}
        left = [entry for entry in self.single if key(entry) not in listed]
        ended = [entry for entry in parts.rest if entry.ended is not None]
        return self._counted([*left, *ended], max(0, self.stalled - len(stalled)))

    def _counted(self, items: Iterable[ObligationItem], stalled: int) -> tuple[Count, ...]:
        return counted(items, besides=self.by_case and self.stalled > 0, stalled=stalled, old=self.old)

    def again(self, first: str, news: Sequence[ObligationItem], *, standing: bool) -> list[ObligationItem]:
        """Return the most pressing matters of the headline's first number, where no news is one of them.

        So no headline begins with what its letter does not list.
        """
        if first not in (AHEAD if standing else AHEAD | LATE) or any(counts_as(entry, first) for entry in news):
            return []
        return sorted((entry for entry in self.single if counts_as(entry, first)), key=pressing)[:AGAIN]


def counts_as(entry: ObligationItem, what: str) -> bool:
    """Return whether a matter is one of those that a number of the headline counts."""
    if what == "stalled":
        return stalls(entry)
    return kind(entry) == ("critical" if what == "besides" else what)


def foremost(first: str, parts: Blocks, standing: Standing | None, changed: WhatChanged | None) -> str:
    """Return the reference that is listed first of what the headline's first number counts; empty without one."""
    if first == "stalled" and changed:
        return next((case.reference for case in (*changed.stalled.cases, *changed.still.cases)), "")
    listed = (*parts.lost, *parts.shown, *(standing.still_open if standing else ()))
    return next((entry.reference for entry in listed if counts_as(entry, first)), "")


def live(items: Sequence[ObligationItem]) -> list[ObligationItem]:
    """Return the matters that are owed, each once."""
    return [entry for entry in each_once(items) if entry.ended is None]


def beside(standing: Standing, parts: Blocks, overdue: Sequence[ObligationItem], longest: int) -> Standing:
    """Leave out of a standing what a block of the letter lists, and what is beyond its longest."""
    listed = parts.listed
    cases = [case for case in standing.stalled if not {key(entry) for entry in case.owed} <= listed][:longest]
    listed = listed | {key(entry) for case in cases for entry in case.owed}
    still = [entry for entry in sorted(overdue, key=pressing) if key(entry) not in listed]
    return replace(standing, stalled=tuple(cases), still_open=tuple(still[: longest - len(cases)]))

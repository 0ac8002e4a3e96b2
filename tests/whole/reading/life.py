"""The life of one obligation: its versions, the steps it has taken, and a promise (specifications 3 and 4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.whole.reading.days import add, by_risk, said_by, working
from tests.whole.reading.duties.owed import Owed
from tests.whole.reading.first_day import EARLY, has_grace, told_early
from tests.whole.reading.ladders import awaited, ladder_of, on_any_day


@dataclass
class Life:
    """One identity: its present version, the last step taken, and the day of each step."""

    owed: Owed
    version: int = 1
    began: int = 1  # the first of the versions that carry on from one another
    said_from: int = 1  # the first of them that says what the present one says: a later danger is said again
    ended_on: date | None = None
    position: int = -1
    taken: dict[str, date] = field(default_factory=dict)
    told: dict[tuple[int, str], set[str | None]] = field(default_factory=dict)
    owners: set[str | None] = field(default_factory=set)  # whose newcomers are told of its present step, when taken
    promised: date | None = None  # the day until which someone promised
    promised_by: str | None = None
    renewals: int | None = None  # of the promises since the last new start; None without a promise
    start: date | None = None  # the first day of its force

    @property
    def ladder(self) -> tuple[Any, ...]:
        return ladder_of(self.owed.rule)

    def heard(self, step: str) -> set[str | None]:
        """Give who heard of a step, in this version or one it carries on from, or answered it at the time."""
        versions = range(self.said_from, self.version + 1)
        return self.owners.union(*(self.told.get((version, step), set()) for version in versions))

    def step(self, index: int) -> tuple[Any, ...]:
        """Give a step of the ladder, with its manner by the risk of today."""
        name, hangs_on, plus, words, manner, duty = self.ladder[index]
        by_risk = "at_once" if self.owed.risk in (None, "high") else "digest"
        return name, hangs_on, plus, words, manner or by_risk, duty

    def may_be_taken(self, step: str, day: date) -> bool:
        """Return whether a step may be taken on a day."""
        return working(day) or on_any_day(self.owed.rule, step)

    def reached(self, day: date) -> int:
        """Give the index of the last step whose day has come, -1 for none."""
        last, before = -1, date.min
        for index, (name, hangs_on, plus, words, *_) in enumerate(self.ladder):
            before = max(before, add(getattr(self.owed, hangs_on), plus))
            if before <= self.owed.due and not on_any_day(self.owed.rule, name):
                before = said_by(before)
            if first := awaited(self.owed.rule, name):
                asked = self.taken.get(first)
                if asked is None or day < add(asked, "5wd"):
                    continue
            if before <= day and self._is_heard(words, day):
                last = index
        return min(last, 0) if has_grace(self.owed, self.start, day) else last

    def _is_heard(self, words: tuple[str, ...], day: date) -> bool:
        """Return whether a step reaches anybody on a day: before the first day of its force, few hear of anything."""
        if self.start is None or day >= self.start:
            return True
        if self.owed.force is None:
            return "operations" in words
        return told_early(self.owed, self.start) and bool(set(words) & set(EARLY))

    def begin(self, owed: Owed, position: int, taken: dict[str, date]) -> None:
        self.owed, self.position, self.taken, self.ended_on = owed, position, dict(taken), None
        self.version += 1

    def afresh(self, owed: Owed) -> None:
        """Start again below the first step, without a promise."""
        self.say_again(owed)
        self.began = self.version

    def say_again(self, owed: Owed) -> None:
        """Start again below the first step; those who heard before hear of the end too."""
        self.begin(owed, -1, {})
        self.owners, self.said_from = set(), self.version
        self.promised = self.renewals = None

    def promise(self, by: str, until: date, day: date) -> bool:
        """Promise until a day; return whether an addressee may promise it. The same promise again changes nothing."""
        if day < until and (by, until) == (self.promised_by, self.promised):
            return True
        longest = add(day, by_risk(("5wd", "10wd", "10wd"), self.owed.risk))
        renewals = 0 if self.renewals is None else self.renewals + 1
        if not day < until <= longest or not working(until) or renewals > 2 or self._late(until, day):
            return False
        self.promised, self.promised_by, self.renewals = until, by, renewals
        return True

    def _late(self, until: date, day: date) -> bool:
        """Whether it is a promise to be late, about what is not late yet."""
        due = self.owed.due
        return day <= due and (until >= due if self.owed.hard else until > due)

    def meet(self, owed: Owed, day: date) -> None:
        """Update the life by the obligation that the facts now make."""
        old = self.owed
        if self.ended_on:
            if (day - self.ended_on).days <= 7 and owed.due == old.due:
                self.begin(owed, self.position, self.taken)
            else:
                self.afresh(owed)
        elif owed.recurring and owed.done and (old.done is None or owed.done > old.done):
            self.afresh(owed)
        elif self._again(owed):
            self.say_again(owed)
        elif owed.due != old.due:
            if owed.due < old.due and self.promised:
                self.promised = None
                self.renewals = self.renewals - 1 if self.renewals else None
            self.begin(owed, self.position, self.taken)
            self.position = min(self.position, self.reached(day))
        else:
            self.owed = owed

    def _again(self, owed: Owed) -> bool:
        """Whether a later day of danger came."""
        return owed.latest is not None and self.owed.latest is not None and owed.latest > self.owed.latest

    def severity(self, day: date) -> str:
        if day < self.owed.remind:
            return "not due yet"
        if day <= self.owed.due:
            return "due soon"
        return "overdue" if day < self.owed.escalate else "critically overdue"

"""Two rehearsed policies beside each other: who hears sooner, later or never, and which cases stall when."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple, TypeVar

from models.queries.rehearsal.figures import WhatIsOwed
from models.rules.obligations.rulebook import RULES
from tasks.rehearsal.assumption import Assumption
from tasks.rehearsal.outcome import RehearsedWeeks

Thing = TypeVar("Thing")


class Shift(NamedTuple):
    """How many of the same things come sooner, on the same day, later, under the other policy alone, or no more."""

    sooner: int
    same: int
    later: int
    new: int
    never: int


class RuleShift(NamedTuple):
    """The first news of what one rule owes."""

    rule: str
    title: str
    shift: Shift


class Week(NamedTuple):
    """The mails of a week under both policies."""

    monday: date
    now: int
    tried: int


class Comparison(NamedTuple):
    """Today's policy and another one, on the same book and over the same days."""

    first: date
    last: date
    people: Assumption
    today: RehearsedWeeks
    other: RehearsedWeeks

    @property
    def weeks(self) -> tuple[Week, ...]:
        """The mails week by week; the first and the last may be parts of one."""
        now, tried = (_by_week(one.mails_on) for one in (self.today, self.other))
        mondays = (self.first + timedelta(days=at) for at in range(-self.first.weekday(), self.days, 7))
        return tuple(Week(monday, now[monday], tried[monday]) for monday in mondays)

    @property
    def days(self) -> int:
        """How many days were run."""
        return (self.last - self.first).days + 1

    @property
    def stalls(self) -> Shift:
        """How the first stall of each case moves."""
        return shift(self.today.stalled_on, self.other.stalled_on)

    @property
    def news(self) -> Shift:
        """How the first news of each matter moves."""
        return shift(self.today.heard_on, self.other.heard_on)

    @property
    def by_rule(self) -> tuple[RuleShift, ...]:
        """The same rule by rule, without rules whose news do not move."""
        shifts = (
            RuleShift(name, rule.title, shift(_of(self.today, name), _of(self.other, name)))
            for name, rule in RULES.items()
        )
        return tuple(one for one in shifts if one.shift != Shift(0, one.shift.same, 0, 0, 0))


def shift(today: Mapping[Thing, date], other: Mapping[Thing, date]) -> Shift:
    """Compare the days of the same things."""
    counts = Counter(_moved(day, other.get(key)) for key, day in today.items())
    return Shift(counts["sooner"], counts["same"], counts["later"], len(other.keys() - today.keys()), counts["never"])


def _moved(day: date, other: date | None) -> str:
    if other is None:
        return "never"
    return "same" if other == day else "sooner" if other < day else "later"


def _of(outcome: RehearsedWeeks, rule: str) -> dict[WhatIsOwed, date]:
    return {matter: day for matter, day in outcome.heard_on.items() if matter[1] == rule}


def _by_week(mails_on: Mapping[date, int]) -> Counter[date]:
    counts = Counter[date]()
    for day, number in mails_on.items():
        counts[day - timedelta(days=day.weekday())] += number
    return counts

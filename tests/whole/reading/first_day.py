"""A force's first day (docs/first-day.md): who hears before it, and how what was overdue on it then begins."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.whole.reading.days import add, by_risk
from tests.whole.reading.ladders import HARD, ORDER, ladder_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from tests.whole.reading.duties.owed import Owed

GRACE = ("5wd", "10wd", "15wd")  # by risk: how long an inherited matter goes no further than its owner
SOON = "28d"  # a limit that ends so soon after the first day is told of before it
EARLY = ("spoc", "counterpart", "lead")  # they hear of limits and orders before the first day
SPARED = ("risk-assessment", "victim-contact", "suspect-wanted")  # at high or unknown risk they have no grace


@dataclass
class FirstDays:
    """The first day of each force that has one."""

    starts: dict[str, date] = field(default_factory=dict)

    def of(self, forces: Iterable[str]) -> date | None:
        """Give the day on which the first of some forces begins; None where one has begun for ever."""
        days = [self.starts.get(force) for force in forces]
        known = [day for day in days if day]
        return min(known, default=None) if len(known) == len(days) else None

    def begun(self, force: str, day: date) -> bool:
        """Return whether the people of a force are written to."""
        return force not in self.waiting(day)

    def waiting(self, day: date) -> frozenset[str]:
        """Give the forces that have not begun."""
        return frozenset(force for force, start in self.starts.items() if day < start)


def is_limit(rule: str) -> bool:
    """Return whether a rule is a time limit or an order that ends."""
    return ladder_of(rule) in (HARD, ORDER)


def told_early(owed: Owed, start: date) -> bool:
    """Return whether SPOCs and leads hear of an obligation of a case before the first day."""
    return is_limit(owed.rule) and owed.due < add(start, SOON)


def has_grace(owed: Owed, start: date | None, day: date) -> bool:
    """Return whether an obligation of a case was overdue on the first day, and stays with its owner on this one."""
    if start is None or owed.force is None or owed.due >= start:
        return False
    if is_limit(owed.rule) or owed.rule in ("breach-unanswered", "danger"):
        return False
    if owed.rule in SPARED and owed.risk in (None, "high"):
        return False
    return day < add(start, by_risk(GRACE, owed.risk))

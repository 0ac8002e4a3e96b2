"""The state of the demo: its cases, its people, and their diaries."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from models.rules.calendar import WorkingCalendar
from tasks.demo.people import Cast
from tasks.demo.reports import DemoExchange, DemoReport
from tasks.demo.rows import CaseFile


@dataclass(frozen=True)
class Deed:
    """A diary entry: the kind of work, its case, and the reference of its row if there are several."""

    case_ref: str
    what: str
    ref: str = ""


@dataclass(frozen=True)
class Pace:
    """The news of an ordinary day, each on average: cases, cases that end, incidents and referrals."""

    cases: int = 9
    ended: int = 9
    incidents: int = 7
    referrals: int = 3


@dataclass
class ForceBook:
    """The cases of the force on the morning of `today`, its people, and their diaries."""

    rng: Random
    start: date
    today: date
    people: Cast
    calendar: WorkingCalendar
    pace: Pace = Pace()
    cases: dict[str, CaseFile] = field(default_factory=dict)
    diary: dict[Deed, date] = field(default_factory=dict)
    examples: dict[str, str] = field(default_factory=dict)  # the reference of the case that shows each matter
    numbers: dict[str, int] = field(default_factory=dict)
    reports: list[DemoReport] = field(default_factory=list)  # reported to Casebeat itself on the past day
    exchanges: list[DemoExchange] = field(default_factory=list)  # every reply by mail

    @property
    def yesterday(self) -> date:
        """The last day on which anything in the book can have happened."""
        return self.today - timedelta(days=1)

    def ordinary(self) -> list[CaseFile]:
        """List the cases to which anything may happen: all but the examples."""
        set_apart = set(self.examples.values())
        return [file for ref, file in self.cases.items() if ref not in set_apart]

    def number(self, kind: str) -> int:
        """Return the next number of a kind of row."""
        self.numbers[kind] = self.numbers.get(kind, 0) + 1
        return self.numbers[kind]

    def chance(self, probability: float) -> bool:
        """Return True with a probability from 0 to 1."""
        return self.rng.random() < probability

    def about(self, average: int) -> int:
        """Return a random number of things that are as many on average, or up to three more or fewer."""
        return self.rng.randint(max(0, average - 3), average + 3)

    def days(self, low: float, high: float) -> timedelta:
        """Return a random number of days from low to high."""
        return timedelta(days=self.rng.randint(int(low), max(int(low), int(high))))

    def plan(self, deed: Deed, by: date, *, keeps: float) -> None:
        """Enter a deed in the diary for a random day up to `by`, with the probability `keeps`."""
        if self.chance(keeps):
            ahead = max(0, (by - self.today).days)
            self.diary[deed] = self.today + self.days(ahead * 0.3, ahead)


Work = Callable[[ForceBook, CaseFile, str, date], None]  # on a case, on a row of this reference, and on a day


def recorded(column: str) -> Work:
    """Return the work of which only the day is recorded, in a column of the case."""
    return lambda _book, file, _ref, day: setattr(file.case, column, day)

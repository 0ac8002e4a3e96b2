"""The state of the demo: the whole book, and what everyone means to do about it on which day."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from models.rules.calendar import WorkingCalendar
from tasks.demo.outcomes import DemoReport
from tasks.demo.people import Cast
from tasks.demo.rows import CaseFile


@dataclass(frozen=True)
class Deed:
    """Something a person has in the diary: what, on which case, and of which row where there are several."""

    case_ref: str
    what: str
    ref: str = ""


@dataclass
class ForceBook:
    """The force's whole book as it stands on the morning of `today`, who works it, and what is in their diaries."""

    rng: Random
    start: date
    today: date
    people: Cast
    calendar: WorkingCalendar
    cases: dict[str, CaseFile] = field(default_factory=dict)
    diary: dict[Deed, date] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    words: list[DemoReport] = field(default_factory=list)  # said to Casebeat on the day that has passed

    @property
    def yesterday(self) -> date:
        """The last day that anything in the book can have happened on."""
        return self.today - timedelta(days=1)

    def number(self, kind: str) -> int:
        """The next number of a kind of row."""
        self.numbers[kind] = self.numbers.get(kind, 0) + 1
        return self.numbers[kind]

    def chance(self, of: float) -> bool:
        """Whether something that happens `of` times in one happens now."""
        return self.rng.random() < of

    def days(self, low: float, high: float) -> timedelta:
        """Some days, from low to high."""
        return timedelta(days=self.rng.randint(int(low), max(int(low), int(high))))

    def plan(self, deed: Deed, by: date, *, keeps: float) -> None:
        """Put a deed in the diary for some day up to `by`; or, as often as it is not kept, do not."""
        if self.chance(keeps):
            ahead = max(0, (by - self.today).days)
            self.diary[deed] = self.today + self.days(ahead * 0.3, ahead)

"""What a month is counted in: its days, its place, which sources tell of it, and which duties are in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from tests.whole.reading.days import add
from tests.whole.reading.duties.protocol import trigger
from tests.whole.reading.duties.watched import unanswered
from tests.whole.reading.facts import Facts, area_of
from tests.whole.reading.gathering import assemble
from tests.whole.reading.seen import KEEPERS
from tests.whole.reading.store import SENDER
from tests.whole.recount.history import DAY, History

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from tests.whole.reading.sheets import Key, Row
    from tests.whole.recount.standing import Owing

STALKING = "stalking"


@dataclass(frozen=True)
class Duty:
    """One thing that happened, and whether what it asks for was done."""

    unit: Hashable  # what a URN brings to several cases is one
    facts: Facts
    source: str  # who sent the row
    due: date
    done: date | None
    outlives: bool = False  # it is owed by a closed case too
    early: bool = False  # it was done before the first extract told of it

    @property
    def in_time(self) -> bool:
        """Return whether it was done by its due day."""
        return self.early or (self.done is not None and self.done <= self.due)

    @property
    def lapsed(self) -> bool:
        """Return whether its case ended before it was done and by its due day, so that it is owed no more."""
        ended = self.facts.case["finalised_on"]
        if self.outlives or ended is None or ended > self.due:
            return False
        return self.done > ended if self.done else not self.early


@dataclass
class Counting:
    """A month of a place: a force, a CPS Area, or all."""

    history: History
    month: str
    today: date
    began: date  # the first round of every force
    force: str | None = None
    area: str | None = None
    owed: list[Owing] = field(default_factory=list)  # what stood on the day of each round
    everything: list[Facts] = field(init=False)

    def __post_init__(self) -> None:
        self.everything = [facts for facts in assemble(self.history.store) if self.covers(facts)]

    @cached_property
    def first(self) -> date:
        """The first day of the month."""
        return date.fromisoformat(f"{self.month}-01")

    @cached_property
    def end(self) -> date:
        """The last day of the month, or yesterday."""
        return min(add(self.first, "1m") - DAY, self.today - DAY)

    @cached_property
    def sources(self) -> list[str]:
        """The sources that tell of the place."""
        store, forces = self.history.store, {facts.case["force_code"] for facts in self.everything}
        forces |= {self.force} if self.force else set()
        return [name for name, covers in store.covers.items() if self.is_all or forces & set(covers)]

    @property
    def is_all(self) -> bool:
        """Return whether the place is all places."""
        return self.force is None and self.area is None

    @cached_property
    def telling(self) -> set[str]:
        """The sources of which an extract was taken in the month."""
        last = add(self.first, "1m") - DAY
        return {name for name in self.sources if self.history.sent_in(name, self.first, last)}

    @cached_property
    def reach(self) -> date | None:
        """The last day that is counted, None in a month without extracts."""
        days = [self.history.reach(name) for name in self.telling]
        return min(self.end, max(days)) if days else None

    def covers(self, facts: Facts) -> bool:
        """Return whether a case is of the place."""
        area = self.area is None or area_of(facts.case) == self.area.lower()
        return area and (self.force is None or facts.case["force_code"] == self.force)

    def holds(self, day: date | None) -> bool:
        """Return whether a day is one of the month that is counted."""
        return day is not None and self.reach is not None and self.first <= day <= self.reach

    def fell_due(self, duty: Duty) -> bool:
        """Return whether a duty is one that came due while its source told of it, after the first round."""
        told = duty.source in self.telling and duty.due <= self.history.reach(duty.source)
        return told and duty.due >= self.began and not duty.lapsed

    def lacking(self, needs: Iterable[str]) -> tuple[set[str], set[str]]:
        """Give the sources that a figure is of, and those that are not in it."""
        store, of, without = self.history.store, set(), set()
        for need in needs:
            name, _, column = need.partition(".")
            keepers = [one for one in self.sources if store.agencies[one] in KEEPERS.get(name, ("police", "cps"))]
            senders = [one for one in self.sources if store.columns[one].get(name)] or keepers
            of |= set(senders)
            without |= {one for one in senders if column and column not in store.columns[one].get(name, ())}
        of = of or set(self.sources)
        return of, without | {one for one in of if one not in self.telling}


def stalking(facts: Facts) -> bool:
    """Return whether a case is, or once was, one of stalking."""
    return facts.kind == STALKING or facts.declassified_on is not None


def presumed(facts: Facts) -> bool:
    """Return whether a case, open or not, is watched as stalking since nobody says why it is not."""
    return facts.kind != STALKING and (facts.kind == "harassment" or stalking(facts)) and unanswered(facts)


def watched(facts: Facts) -> bool:
    """Return whether the safety of a case's victim is watched."""
    return facts.kind == STALKING or presumed(facts)


def watched_since(facts: Facts) -> date:
    """Give the day since which a case is watched."""
    asked = trigger(facts) if presumed(facts) else None
    return asked or facts.case["opened_on"]


@dataclass(frozen=True)
class One:
    """One suspect of a case: the file and key of its row, and its own day of charge, or the case's."""

    file: str
    key: Key
    charged_on: date | None


def suspects(facts: Facts) -> list[One]:
    """Give the suspects of a case: those with rows of their own, else the one of its own row."""
    rows = facts.own("suspects")
    own = [One("suspects", (row["suspect_ref"],), row["charged_on"]) for row in rows]
    return own or [One("cases", facts.key, facts.charged_on)]


def open_on(facts: Facts, day: date) -> bool:
    """Return whether a case was open at the end of a day."""
    case = facts.case
    return case["opened_on"] <= day and (case["finalised_on"] is None or case["finalised_on"] > day)


def sender(row: Row) -> str:
    """Give the source that sent a row."""
    return str(row[SENDER])


def later(*days: date | None) -> date | None:
    """Give the last of some days, None if one is not known."""
    known = [day for day in days if day]
    return max(known) if known and len(known) == len(days) else None


def key_of(row: Row, name: str, facts: Facts) -> Key:
    """Give the key of a row of a file."""
    return next(key for key, held in facts.store.files[name].items() if held.row is row)


def those_due(count: Counting, made: Callable[[Facts], Iterable[Duty]]) -> list[Duty]:
    """Give the duties that came due, each once."""
    found = {duty.unit: duty for facts in count.everything for duty in made(facts) if count.fell_due(duty)}
    return list(found.values())


def is_early(name: str, ref: str, done: date | None, count: Counting) -> bool:
    """Return whether something was done before the first extract told of its row."""
    return done is not None and done < count.history.all_said(name, (ref,))[0].day

"""Two rehearsed policies beside each other: who hears sooner, later or never, and which cases stall when."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from models.rules.obligations.rulebook import RULES
from tasks.rehearsal.assumption import Assumption
from tasks.rehearsal.outcome import NEWS, STALLS, RehearsedWeeks

_END = b"", b""


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
    news: Shift  # the first news of each matter
    stalls: Shift  # the first stall of each case
    by_rule: tuple[RuleShift, ...]  # the news rule by rule, without rules whose news do not move
    untried: tuple[str, ...] = ()  # the numbers of the other policy that the days do not show

    @property
    def weeks(self) -> tuple[Week, ...]:
        """The mails week by week; the first and the last may be parts of one."""
        now, tried = (_by_week(rehearsed_weeks.mails_on) for rehearsed_weeks in (self.today, self.other))
        mondays = (self.first + timedelta(days=at) for at in range(-self.first.weekday(), self.days, 7))
        return tuple(Week(monday, now[monday], tried[monday]) for monday in mondays)

    @property
    def days(self) -> int:
        """How many days were run."""
        return (self.last - self.first).days + 1


def compared(
    first: date, last: date, people: Assumption, today: tuple[RehearsedWeeks, Path], other: tuple[RehearsedWeeks, Path]
) -> Comparison:
    """Compare the outcome of two policies, each with the folder that holds its news and stalls."""
    news, stalls = (shifts(today[1] / name, other[1] / name) for name in (NEWS, STALLS))
    by_rule = (RuleShift(name, rule.title, news[name]) for name, rule in RULES.items() if name in news)
    moved = tuple(shift for shift in by_rule if shift.shift != Shift(0, shift.shift.same, 0, 0, 0))
    return Comparison(first, last, people, today[0], other[0], _sum(news), _sum(stalls), moved)


def shifts(today: Path, other: Path) -> dict[str, Shift]:
    """Compare the days of the same things, line by line, and count by what a line begins with."""
    counts: dict[bytes, Counter[str]] = defaultdict(Counter)
    with today.open("rb") as ours, other.open("rb") as theirs:
        for thing, before, after in _paired(ours, theirs):
            counts[thing.partition(b"\t")[0]][_moved(before, after)] += 1
    return {name.decode(): Shift(*(found[how] for how in Shift._fields)) for name, found in counts.items()}


def _paired(ours: Iterable[bytes], theirs: Iterable[bytes]) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Yield each thing of two ordered files with its day in both; an empty one where a file lacks it."""
    left, right = _things(ours), _things(theirs)
    (thing, day), (other, other_day) = next(left, _END), next(right, _END)
    while thing or other:
        if thing == other:
            yield thing, day, other_day
            (thing, day), (other, other_day) = next(left, _END), next(right, _END)
        elif not other or (thing and thing < other):
            yield thing, day, b""
            thing, day = next(left, _END)
        else:
            yield other, b"", other_day
            other, other_day = next(right, _END)


def _things(lines: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
    for line in lines:
        thing, _, day = line.rpartition(b"\t")
        yield thing, day


def _moved(before: bytes, after: bytes) -> str:
    """Name how a day moves; days are written so that an earlier one comes first."""
    if not before:
        return "new"
    if not after:
        return "never"
    return "same" if after == before else "sooner" if after < before else "later"


def _sum(found: Mapping[str, Shift]) -> Shift:
    return Shift(*(sum(counts) for counts in zip(Shift(0, 0, 0, 0, 0), *found.values(), strict=True)))


def _by_week(mails_on: Mapping[date, int]) -> Counter[date]:
    counts = Counter[date]()
    for day, number in mails_on.items():
        counts[day - timedelta(days=day.weekday())] += number
    return counts

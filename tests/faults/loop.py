"""Run rounds and deliveries day after day, strike each at a random moment, and start it again."""

import shutil
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from datetime import time as clock
from random import Random
from typing import NamedTuple

from config.days.london import LONDON
from tests.faults import book
from tests.faults.checker import WITHOUT_CASE, Found, between_dot_and_commit, check, story
from tests.faults.ground import Ground
from tests.faults.process import Process

A_DAY = 6  # strikes
SOME_TIME = 1.6  # seconds: about the duration of a round with its delivery
Strike = Callable[[Ground, Sequence[Process]], None]


class Undisturbed(NamedTuple):
    """So many days without a fault: the boundaries of their first round, and their story."""

    crossed: list[str]
    story: dict[str, list[str]]


def undisturbed(ground: Ground, days: int) -> Undisturbed:
    first = ground.round()
    assert first.join() == 0, first.said
    crossed = first.crossed
    for day in _days(days):
        _night(ground, day)
        _heal(ground, day)
    check(ground, at=_eight(day))
    return Undisturbed(crossed, story(ground))


def days_for(strikes: int) -> int:
    return -(-strikes // A_DAY)


def and_the_next(days: int) -> int:
    """So many days, plus those until the next working day's digest."""
    return next(more for more in range(days + 1, days + 4) if (book.MONDAY + timedelta(days=more - 1)).weekday() < 5)


def of_cases(told: dict[str, list[str]]) -> dict[str, list[str]]:
    """The decisions about cases. A feed is late where its intake was cut, and late news waits for a digest."""
    decided = ("obligations", "steps")
    return {name: [line for line in told[name] if not line.startswith(WITHOUT_CASE)] for name in decided}


def struck(
    ground: Ground, strikes: int, chance: Random, strike: Strike, told: dict[str, list[str]], days: int
) -> Counter[str]:
    """Strike so many times over the days of `told`, check every condition at the end, and return the counts."""
    counts: Counter[str] = Counter()
    for day in _days(days):
        _night(ground, day)
        hit = True
        while counts["strikes"] < min(strikes, A_DAY * ((day - book.MONDAY).days + 1)):
            hit = _struck_once(ground, day, chance, strike, counts, soon=not hit)
        _heal(ground, day)
    found: Found = check(ground, told, at=_eight(day))
    for name in ("letters", "posts", "repeated_letters", "marked_letters"):
        counts[name] = getattr(found, name)
    counts["cut short, by the mail server"] = ground.mail.cut_short if ground.mail else 0
    assert counts["strikes"] == strikes
    assert found.repeated_letters <= counts["between the final dot and its commit"], counts
    return counts


def _struck_once(
    ground: Ground, day: date, chance: Random, strike: Strike, counts: Counter[str], *, soon: bool
) -> bool:
    """Return whether the strike hit anything. One that comes too late does not count; the next comes `soon`."""
    alone = chance.random() < 0.5
    under_way = [ground.round(day, watched=False)]
    under_way += [] if alone else [ground.begin(deliver=_eight(day), watched=False)]
    if soon or chance.random() < 0.5:
        time.sleep(chance.uniform(0, 0.2 if soon else SOME_TIME))
    else:
        _wait_for_letters(ground, chance.randrange(12), under_way)
        time.sleep(chance.uniform(0, 0.02))
    hit = any(process.alive for process in under_way)
    if hit:
        strike(ground, under_way)
        counts["strikes"] += 1
    for process in under_way:
        process.join()
    ground.quiet()
    counts["between the final dot and its commit"] += between_dot_and_commit(ground)
    return hit


def _wait_for_letters(ground: Ground, number: int, under_way: Sequence[Process]) -> None:
    """Wait until the mail server has accepted so many more: most faults can happen within a short delivery."""
    until = len(ground.letters) + number
    while len(ground.letters) < until and any(process.alive for process in under_way):
        time.sleep(0.002)


def _heal(ground: Ground, day: date) -> None:
    for process in ground.heal(_eight(day)):
        assert "failed (" not in process.said, process.said


def _night(ground: Ground, day: date) -> None:
    if day != book.MONDAY:  # whose extracts are there
        for old in ground.drop.iterdir():
            shutil.rmtree(old)
        book.extracts(ground.drop, day)


def _days(number: int) -> list[date]:
    return [book.MONDAY + timedelta(days=at) for at in range(number)]


def _eight(day: date) -> datetime:
    return datetime.combine(day, clock(8), LONDON)

"""Capacity: how many places a panel lacks, and by which day, for every joint review to be held in time.

Source: the joint protocol of 2018 asks both sides to keep reviewing; how many a sitting takes is a local standard.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import accumulate
from typing import NamedTuple

from config.duration import Duration
from models.rules.calendar import WorkingCalendar


class Recurring(NamedTuple):
    """A case's joint review: its due day, and after how long it falls due again."""

    due_on: date
    every: Duration


class More(NamedTuple):
    """So many more places by a day."""

    places: int
    by: date


def needed(
    cases: Iterable[Recurring], first_sitting_on: date, until: date, calendar: WorkingCalendar
) -> Iterator[date]:
    """The day by which each review of these cases must be held, up to a day, if each is held on its due day.

    What is due before the first sitting must be held there, and falls due again from that day on.
    """
    for case in cases:
        due = max(case.due_on, first_sitting_on)
        while due <= until:
            yield due
            due = calendar.plus(due, case.every)


def lacking(deadlines: Iterable[date], sittings: Sequence[tuple[date, int]]) -> list[More]:
    """The fewest more places with which every review keeps its deadline, each by the latest day that allows it.

    `sittings` are days and their places, in order. No deadline is before the first of them.
    """
    days = [day for day, _ in sittings]
    places = [0, *accumulate(number for _, number in sittings)]
    found: list[More] = []
    wanted = had = 0
    for day, number in sorted(Counter(deadlines).items()):
        wanted += number
        short = wanted - places[bisect_right(days, day)] - had
        if short > 0:
            found.append(More(short, day))
            had += short
    return found

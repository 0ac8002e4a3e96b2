"""Capacity: the number of places a panel lacks, and by which day, so that every joint review can be held in time.

Source: the joint protocol of 2018 asks both sides to keep reviewing; the number of places at a sitting is a local
standard.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import accumulate
from typing import NamedTuple

from config.days.duration import Duration
from models.rules.calendar import WorkingCalendar


class RecurringReview(NamedTuple):
    """A case's joint review: its due day, and the interval until it falls due again."""

    due_on: date
    every: Duration


class ExtraPlaces(NamedTuple):
    """A number of extra places needed by a day."""

    places: int
    by: date


def needed(
    cases: Iterable[RecurringReview], first_sitting_on: date, until: date, calendar: WorkingCalendar
) -> Iterator[date]:
    """Yield the day by which each review of these cases must be held, up to a day, if each is held on its due day.

    A review due before the first sitting must be held there, and falls due again from that day.
    """
    for case in cases:
        due = max(case.due_on, first_sitting_on)
        while due <= until:
            yield due
            due = calendar.plus(due, case.every)


def lacking(deadlines: Iterable[date], sittings: Sequence[tuple[date, int]]) -> list[ExtraPlaces]:
    """Return the fewest extra places with which every review keeps its deadline, each by the latest day that allows it.

    `sittings` are days and their places, in order. No deadline is before the first of them.
    """
    days = [day for day, _ in sittings]
    places = [0, *accumulate(number for _, number in sittings)]
    found: list[ExtraPlaces] = []
    wanted = had = 0
    for day, number in sorted(Counter(deadlines).items()):
        wanted += number
        short = wanted - places[bisect_right(days, day)] - had
        if short > 0:
            found.append(ExtraPlaces(short, day))
            had += short
    return found

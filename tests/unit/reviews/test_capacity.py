"""Capacity: the fewest more places that put a panel right, against every way of adding them."""

from datetime import timedelta
from itertools import combinations_with_replacement

from hypothesis import given
from hypothesis import strategies as st

from config.days.duration import duration
from models.rules.calendar import WorkingCalendar
from models.rules.reviews.capacity import ExtraPlaces, RecurringReview, lacking, needed
from tests.worlds.days import day

CALENDAR = WorkingCalendar()
FIRST, LAST = day("Tue 3 Mar 2026"), day("Fri 27 Mar 2026")
TUESDAYS = [day(f"Tue {n} Mar 2026") for n in (3, 10, 17, 24)]


def due(*days: str, every: str = "10wd") -> list:
    return list(needed([RecurringReview(day(one), duration(every)) for one in days], FIRST, LAST, CALENDAR))


def test_a_review_falls_due_again_from_its_due_day():
    assert due("Mon 9 Mar 2026") == [day("Mon 9 Mar 2026"), day("Mon 23 Mar 2026")]


def test_one_that_is_overdue_is_held_at_the_first_sitting_and_falls_due_again_from_there():
    assert due("Mon 2 Feb 2026") == [FIRST, day("Tue 17 Mar 2026")]


def test_one_due_after_the_last_day_needs_no_place_yet():
    assert due("Sat 28 Mar 2026") == []


def test_one_due_on_the_last_day_does():
    assert due("Fri 27 Mar 2026") == [LAST]


def test_enough_places_lack_nothing():
    assert lacking([FIRST, LAST], [(FIRST, 1), (day("Tue 10 Mar 2026"), 1)]) == []


def test_a_place_after_the_deadline_helps_nobody():
    assert lacking([day("Mon 9 Mar 2026")] * 2, [(FIRST, 1), (day("Tue 10 Mar 2026"), 5)]) == [
        ExtraPlaces(1, day("Mon 9 Mar 2026"))
    ]


def test_a_place_added_early_is_not_asked_for_again():
    assert lacking([FIRST, FIRST, LAST, LAST, LAST], [(FIRST, 1), (TUESDAYS[1], 1)]) == [
        ExtraPlaces(1, FIRST),
        ExtraPlaces(2, LAST),
    ]


deadlines = st.lists(st.integers(0, 24).map(lambda n: FIRST + timedelta(n)), max_size=6)
tables = st.lists(st.integers(0, 2), min_size=4, max_size=4)


@given(deadlines, tables)
def test_with_the_places_that_are_lacking_every_review_is_in_time(dues, places):
    more = lacking(dues, list(zip(TUESDAYS, places, strict=True)))
    assert _in_time(dues, [*_each(places), *(one.by for one in more for _ in range(one.places))])


@given(deadlines, tables)
def test_no_fewer_would_do_on_whatever_days(dues, places):
    more = sum(one.places for one in lacking(dues, list(zip(TUESDAYS, places, strict=True))))
    fewer = combinations_with_replacement(sorted(set(dues)), more - 1) if more else ()
    assert not any(_in_time(dues, [*_each(places), *days]) for days in fewer)


def _each(places):
    return [on for on, number in zip(TUESDAYS, places, strict=True) for _ in range(number)]


def _in_time(dues, days):
    """Whether each review finds a place on or before its deadline: the earliest deadline takes the earliest place."""
    free = sorted(days)
    return len(free) >= len(dues) and all(on <= due_on for on, due_on in zip(free, sorted(dues), strict=False))

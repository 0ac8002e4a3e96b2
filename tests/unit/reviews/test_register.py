"""The register of joint reviews: the weeks that it shows, and the totals of all pairs."""

from datetime import timedelta
from itertools import pairwise

import pytest

from models.queries.reviews.register import FailedCounts, KeptCounts
from models.rules.reviews.capacity import ExtraPlaces
from tasks.reviews.register import Register, RegisterRow, RegisterWeek, _in, _mondays
from tests.unit.days import day
from tests.unit.reviews.places import TODAY, TUESDAYS

MONDAY = day("Mon 16 Mar 2026")


@pytest.mark.parametrize(
    ("today", "first"),
    [
        ("Sun 8 Mar 2026", "Mon 9 Mar 2026"), ("Mon 9 Mar 2026", "Mon 9 Mar 2026"),
        ("Sat 14 Mar 2026", "Mon 9 Mar 2026"),
        ("Sun 15 Mar 2026", "Mon 16 Mar 2026"),
    ],
)  # fmt: skip
def test_the_weeks_to_come_begin_with_that_of_tomorrow(today: str, first: str) -> None:
    found = _mondays(day(today))
    assert (found[0], len(found)) == (day(first), 8)
    assert {later - one for one, later in pairwise(found)} == {timedelta(weeks=1)}


def test_a_week_is_from_monday_to_sunday() -> None:
    days = ["Sun 15 Mar 2026", "Mon 16 Mar 2026", "Sun 22 Mar 2026", "Mon 23 Mar 2026"]
    assert [_in(MONDAY, day(one)) for one in days] == [False, True, True, False]


def row(kept: KeptCounts, failed: FailedCounts, *more: int) -> RegisterRow:
    weeks = tuple(
        RegisterWeek(MONDAY, 2, 1, 1, tuple(ExtraPlaces(number, TUESDAYS[0]) for number in (places, 1)))
        for places in more
    )
    return RegisterRow(("45", "South East"), "a pair", True, kept, failed, weeks)


def test_the_places_that_lack_in_any_week_are_added_up() -> None:
    assert row(KeptCounts(0, 0, 0, 0), FailedCounts(0, 0), 2, 4).more == 8
    assert row(KeptCounts(0, 0, 0, 0), FailedCounts(0, 0)).more == 0


def test_the_totals_are_those_of_all_pairs_and_nothing_where_there_is_none() -> None:
    rows = (row(KeptCounts(9, 5, 3, 1), FailedCounts(2, 1)), row(KeptCounts(4, 2, 1, 1), FailedCounts(0, 3)))
    found = Register(TODAY, TODAY, rows)
    assert (found.kept, found.failed) == (KeptCounts(13, 7, 4, 2), FailedCounts(2, 4))
    none = Register(TODAY, TODAY, ())
    assert (none.kept, none.failed) == (KeptCounts(0, 0, 0, 0), FailedCounts(0, 0))

"""The register of joint reviews: the weeks that it shows, and the totals of all pairs."""

from models.queries.reviews.register import FailedCounts, KeptCounts
from models.rules.reviews.capacity import ExtraPlaces
from tasks.reviews.register import Register, RegisterRow, RegisterWeek
from tests.worlds.days import day
from tests.worlds.places import TODAY, TUESDAYS

MONDAY = day("Mon 16 Mar 2026")


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

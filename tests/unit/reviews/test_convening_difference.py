"""The difference that convening writes: places given, kept with other days, and taken back; and who sits apart."""

from collections import Counter

import pytest

from config.terms import Risk
from models.queries.reviews.convenings import DueReview, KeptConvening
from models.rules.reviews.convening import Placement
from tasks.reviews.convening import _add_difference, _decide_apart, _Decided
from tests.unit.reviews.places import TODAY, TUESDAYS, held, placement, review, sitting

SITTINGS = [sitting(1), sitting(2), sitting(3)]


def difference(found: DueReview, made: Placement, theirs=SITTINGS) -> _Decided:
    decided = _Decided([], [], [], [])
    _add_difference([review("9"), found], [made], theirs, decided)
    return decided


def test_a_case_without_a_place_gets_one() -> None:
    found = review("1")
    made = difference(found, placement("1", 2))
    assert made == _Decided([(found, SITTINGS[1], TUESDAYS[2], True)], [], [], [])


def test_a_case_for_which_no_place_is_left_changes_nothing() -> None:
    assert difference(review("1"), placement("1", None, late=True)) == _Decided([], [], [], [])


def test_a_case_that_stays_where_it_is_changes_nothing_or_its_days() -> None:
    assert difference(review("1", at=held(2)), placement("1", 2)) == _Decided([], [], [], [])
    other_due = review("1", at=held(2), due_on=TUESDAYS[1])
    assert difference(other_due, placement("1", 2)).kept == [KeptConvening(10, TUESDAYS[1], TUESDAYS[2])]
    other_deadline = placement("1", 2, deadline_on=TUESDAYS[1])
    assert difference(review("1", at=held(2)), other_deadline).kept == [KeptConvening(10, TUESDAYS[2], TUESDAYS[1])]


@pytest.mark.parametrize(
    ("taken", "panel"), [(1, False), (2, False), (3, True)], ids=["there was room", "full", "fuller than its places"]
)
def test_a_case_that_moves_leaves_its_place_and_the_panel_is_why_where_that_has_fewer_places(
    taken: int, panel: bool
) -> None:
    found = review("1", at=held(1))
    made = difference(found, placement("1", 3), [sitting(1, taken=taken), *SITTINGS[1:]])
    assert made == _Decided([(found, SITTINGS[2], TUESDAYS[2], panel)], [found], [], [])


def test_a_sitting_that_is_no_more_is_the_panels_change() -> None:
    made = difference(review("1", at=held(1)), placement("1", 3), SITTINGS[1:])
    assert [panel for *_, panel in made.begun] == [True]


def test_a_case_that_loses_its_place_for_none_is_moved() -> None:
    found = review("1", at=held(1))
    assert difference(found, placement("1", None, late=True)) == _Decided([], [found], [], [])


def apart(*found: DueReview, theirs, taken: dict[str, int] | None = None) -> tuple[list[Placement], _Decided]:
    decided = _Decided([], [], [], [])
    return _decide_apart(found, theirs, Counter(taken or {}), decided, TODAY), decided


def test_of_cases_that_bar_a_chair_the_most_urgent_takes_the_last_place_under_another() -> None:
    theirs = [sitting(1), sitting(2, places=1, chair="K2")]
    medium = review("1", risk=Risk.MEDIUM, barred=("K1",))
    high = review("2", barred=("K1",))
    made, decided = apart(medium, high, theirs=theirs)
    assert {one.case_ref: one.sitting for one in made} == {"2": "s2", "1": None}
    assert ([one.case_id for one, *_ in decided.begun], decided.chairless) == ([2], [])


def test_what_the_others_have_taken_is_no_free_place() -> None:
    theirs = [sitting(1), sitting(2, places=2, taken=1, chair="K2"), sitting(3, chair="K2")]
    made, _ = apart(review("1", barred=("K1",), due_on=TUESDAYS[1]), theirs=theirs, taken={"s2": 1})
    assert [one.sitting for one in made] == ["s3"]


def test_a_case_that_bars_every_chair_has_none_and_operations_are_to_know() -> None:
    barring, other = review("1", barred=("K1",)), review("2", barred=("K9",))
    made, decided = apart(barring, other, theirs=SITTINGS)
    assert ([one.sitting for one in made if one.case_ref == "1"], decided.chairless) == ([None], [barring])


def test_a_case_that_keeps_its_place_under_another_chair_takes_none_anew() -> None:
    theirs = [sitting(1), sitting(3, places=2, taken=1, chair="K2")]
    made, decided = apart(review("1", at=held(3), barred=("K1",)), review("2", barred=("K1",)), theirs=theirs)
    assert {one.case_ref: one.sitting for one in made} == {"1": "s3", "2": "s3"}
    assert [one.case_id for one, *_ in decided.begun] == [2]

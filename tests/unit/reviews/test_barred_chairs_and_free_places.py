"""The places that are left at sittings: free ones, those under a chair who may hear of a case, and those taken anew."""

from collections import Counter
from datetime import date
from itertools import islice
from pathlib import Path

import pytest
import yaml

from tasks.reviews.barred_chairs import sits_anywhere, sittings_apart, taken_anew
from tasks.reviews.free_places import free_slots, horizons, pairs_of, sittings_with_places
from tests.worlds.places import TODAY, TUESDAYS, held, placement, review, sitting

MIXED = [sitting(1), sitting(2, chair="K2")]


@pytest.mark.parametrize(("barred", "anywhere"), [((), True), (("K9",), True), (("K1",), False), (("K1", "K2"), False)])
def test_a_case_sits_anywhere_unless_a_chair_of_its_pair_must_hear_nothing_of_it(barred, anywhere) -> None:
    assert sits_anywhere(review("1", barred=barred), MIXED) is anywhere


def test_places_are_taken_anew_beyond_those_that_cases_gave_up() -> None:
    found = [review("1", at=held(1)), review("2", at=held(2)), review("3"), review("4")]
    made = [placement("1", 2), placement("2", 2), placement("3", 2), placement("4", None)]
    assert taken_anew(found, made) == Counter({"s1": -1, "s2": 2})


def test_places_apart_are_under_another_chair_and_without_those_that_are_taken() -> None:
    theirs = [sitting(1), sitting(2, chair="K2"), sitting(3, chair="K2", taken=1)]
    found = sittings_apart(review("1", barred=("K1",)), theirs, Counter({"s2": 3, "s3": -1, "s1": 1}), TODAY)
    assert [(one.ref, one.places) for one in found] == [("s2", 0), ("s3", 2)]


def panel(until: str, area: str = "South East", force: str = "45") -> dict[str, object]:
    return {
        "force_code": force, "cps_area": area, "from": "2026-01-06", "rrule": "FREQ=WEEKLY;BYDAY=TU", "starts": "10:00",
        "cases": 2, "minutes_per_case": 10, "chair": "SP1", "place": "Room 2", "horizon": until,
    }  # fmt: skip


@pytest.fixture
def panels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two panels of one pair, the first of which plans further ahead; one of another Area, and one of another force."""
    path = tmp_path / "panels.yaml"
    ahead = panel("21d"), {**panel("14d"), "starts": "12:00"}, panel("28d", "London North"), panel("35d", force="46")
    path.write_text(yaml.safe_dump({"panels": list(ahead)}))
    monkeypatch.setenv("CASEBEAT_PANELS", str(path))


@pytest.mark.usefixtures("panels")
def test_a_pair_is_convened_as_far_ahead_as_its_furthest_panel() -> None:
    assert {pair: (until - TODAY).days for pair, until in horizons(TODAY).items()} == {
        ("45", "South East"): 21, ("45", "London North"): 28, ("46", "South East"): 35,
    }  # fmt: skip


@pytest.mark.usefixtures("panels")
def test_a_force_has_its_own_pairs_by_area_with_the_next_day_on_which_each_sits() -> None:
    found = [(one.cps_area, (one.until_on - TODAY).days, one.next_on) for one in
             pairs_of(["45"], {("45", "South East"): TUESDAYS[0]}, TODAY)]  # fmt: skip
    assert found == [("London North", 28, None), ("South East", 21, TUESDAYS[0])]


def test_a_sitting_has_its_free_places_and_those_that_the_cases_give_up() -> None:
    theirs = [sitting(1, taken=1), sitting(2, taken=3), sitting(3, taken=2)]
    found = [review("1", at=held(3)), review("2", at=held(3)), review("3")]
    assert [one.places for one in sittings_with_places(theirs, found, TODAY)] == [1, 0, 2]
    assert [one.places for one in sittings_with_places(theirs, [], TODAY)] == [1, 0, 0]


@pytest.mark.parametrize(("today", "movable"), [(date(2026, 3, 9), True), (date(2026, 3, 10), False)])
def test_cases_may_be_moved_until_five_working_days_before_their_sitting(today: date, movable: bool) -> None:
    (found,) = sittings_with_places([sitting(1)], [], today)
    assert (found.day, found.movable) == (TUESDAYS[0], movable)


def test_free_slots_are_the_lowest_that_nobody_has() -> None:
    assert list(islice(free_slots([0, 1, 3]), 3)) == [2, 4, 5]
    assert list(islice(free_slots([]), 2)) == [0, 1]

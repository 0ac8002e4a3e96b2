"""How far ahead pairs are convened, and the places that are left at sittings."""

from datetime import date
from itertools import islice
from pathlib import Path

import pytest
import yaml

from config.days.duration import Duration, Unit
from flows.configured import configured
from models.rules.calendar import WorkingCalendar
from models.rules.reviews.convening_book import free_slots, movable, panel_sittings
from tasks.reviews.horizons import horizons, pairs_of
from tests.worlds.places import TODAY, held, review, sitting

SETTLED = Duration(5, Unit.WORKING_DAYS)


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
    assert {pair: (until - TODAY).days for pair, until in horizons(configured(), TODAY).items()} == {
        ("45", "South East"): 21, ("45", "London North"): 28, ("46", "South East"): 35,
    }  # fmt: skip


@pytest.mark.usefixtures("panels")
def test_a_force_has_its_own_pairs_by_area() -> None:
    found = [(pair.cps_area, (pair.until_on - TODAY).days) for pair in pairs_of(configured(), ["45"], TODAY)]
    assert found == [("London North", 28), ("South East", 21)]


def test_a_sitting_has_its_free_places_and_those_that_the_cases_give_up() -> None:
    sittings = [sitting(1, taken=1), sitting(2, taken=3), sitting(3, taken=2)]
    reviews = [review("1", at=held(3)), review("2", at=held(3)), review("3")]
    assert [place.places for place in panel_sittings(sittings, reviews, ())] == [1, 0, 2]
    assert [place.places for place in panel_sittings(sittings, (), ())] == [1, 0, 0]


@pytest.mark.parametrize(("today", "may_move"), [(date(2026, 3, 9), {1}), (date(2026, 3, 10), set())])
def test_cases_may_be_moved_until_five_working_days_before_their_sitting(today: date, may_move: set[int]) -> None:
    assert movable([sitting(1)], today, SETTLED, WorkingCalendar()) == may_move


def test_free_slots_are_the_lowest_that_nobody_has() -> None:
    assert list(islice(free_slots([0, 1, 3]), 3)) == [2, 4, 5]
    assert list(islice(free_slots([]), 2)) == [0, 1]

"""What is listed of a pair's sittings and due cases, and what it lacks: each horizon, and with and without a panel."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from sqlalchemy import Engine

from config.terms import Risk
from flows.configured import configured
from tasks.reviews.shortfall import shortage, without_panel
from tasks.reviews.sitting_list import SittingList, sittings
from tests.worlds.panels import TUESDAYS
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import TUESDAY
from tests.worlds.starting import force_starts

HERE, THERE = ("45", "South East"), ("45", "London North")
DAY = timedelta(days=1)


@pytest.fixture
def world(database: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ReviewRows]:
    """Surrey has a panel with CPS South East that plans 21 days ahead, and none with London North."""
    path = tmp_path / "panels.yaml"
    path.write_text(yaml.safe_dump({"panels": [TUESDAYS]}))
    monkeypatch.setenv("CASEBEAT_PANELS", str(path))
    with database.connect() as connection:
        yield ReviewRows(connection)


def due(world: ReviewRows, case_ref: str, days: int, area: str = "South East", **given: object) -> int:
    case_id = world.case_of(case_ref, area=area, **given)
    world.owes(case_id, TUESDAY + days * DAY)
    return case_id


def sits(world: ReviewRows, ref: str, days: int, *cases: int, area: str = "South East", places: int = 2) -> None:
    sitting = world.sitting(ref, TUESDAY + days * DAY, area=area, places=places)
    for slot, case_id in enumerate(cases):
        world.convening(case_id, sitting, slot=slot, deadline_on=TUESDAY + 9 * DAY)


def listed(world: ReviewRows) -> SittingList:
    world.connection.commit()
    return sittings(configured(), "45", TUESDAY)


def test_a_case_is_listed_up_to_its_pairs_horizon_and_beyond_where_it_has_a_sitting(world: ReviewRows) -> None:
    for days in (21, 22):
        due(world, f"H{days}", days)
    for days in (42, 43):
        due(world, f"T{days}", days, "London North")
    sits(world, "s1", 7, due(world, "FAR", 60))
    assert [one.line.review.case_ref for one in listed(world).cases] == ["FAR", "H21", "T42"]


def test_a_case_with_a_sitting_is_one_line_by_the_day_of_its_review_whatever_else_it_owes(world: ReviewRows) -> None:
    case_id = due(world, "1", 7)
    world.owes(case_id, TUESDAY + 3 * DAY, rule="plea")
    sits(world, "s1", 7, case_id)
    assert [(one.line.review.case_ref, one.line.due_on) for one in listed(world).cases] == [("1", TUESDAY + 7 * DAY)]


def test_a_force_that_waits_for_its_first_day_is_listed_up_to_the_same_horizons(
    world: ReviewRows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    force_starts(monkeypatch, tmp_path, {"45": TUESDAY + 5 * DAY})
    for days in (21, 22):
        due(world, f"H{days}", days)
    assert [one.line.review.case_ref for one in listed(world).cases] == ["H21"]


def test_a_case_without_a_sitting_should_sit_at_the_next_one_after_today(world: ReviewRows) -> None:
    due(world, "1", 2)
    due(world, "2", 2, "London North")
    for number, days in enumerate((0, 14, 7)):
        sits(world, f"s{number}", days)
    found = {one.line.review.case_ref: one for one in listed(world).cases}
    assert {ref: (one.deadline_on - TUESDAY).days for ref, one in found.items()} == {"1": 7, "2": 2}
    assert all(one.late for one in found.values())


@pytest.mark.parametrize(
    ("days", "taken", "waiting"), [(7, 0, 2), (7, 1, 2), (7, 2, 0), (0, 0, 0)], ids=["free", "one", "full", "today"]
)
def test_cases_wait_where_their_pair_has_free_places_after_today(
    world: ReviewRows, days: int, taken: int, waiting: int
) -> None:
    for ref in ("1", "2"):
        due(world, ref, 2)
    due(world, "3", 2, "London North")
    sits(world, "s1", days, *(due(world, f"AT{number}", 2) for number in range(taken)))
    assert listed(world).waiting == waiting


def test_cases_stand_by_sitting_and_in_it_by_worth(world: ReviewRows) -> None:
    sits(world, "s2", 14, due(world, "9", 2))
    due(world, "4", 2, risk=Risk.MEDIUM)
    due(world, "5", 2)
    sits(world, "s1", 7, due(world, "6", 2, risk=Risk.STANDARD), due(world, "7", 2))
    assert [one.line.review.case_ref for one in listed(world).cases] == ["7", "6", "9", "5", "4"]


def test_without_a_force_the_furthest_horizon_of_all_is_read(world: ReviewRows) -> None:
    due(world, "1", 42, "London North")
    assert [one.line.review.case_ref for one in listed(world).cases] == ["1"]
    assert [one.line.review.case_ref for one in sittings(configured(), None, TUESDAY).cases] == ["1"]


def test_a_pair_lacks_places_for_those_who_have_none_in_time_by_worth(world: ReviewRows) -> None:
    due(world, "3", 5, risk=Risk.MEDIUM)
    due(world, "2", 6)
    due(world, "1", 22)
    sits(world, "s1", 14, due(world, "LATE", 5))
    sits(world, "s2", 7, due(world, "RIGHT", 8))
    found = shortage(configured(), world.connection, HERE, TUESDAY)
    assert [one.review.case_ref for one in found.late] == ["LATE", "2", "3"]
    assert (found.panel, found.until_on) == (True, TUESDAY + 21 * DAY)
    assert found.more


def test_what_is_hidden_from_a_reader_is_not_there(world: ReviewRows) -> None:
    hidden = due(world, "1", 5)
    found = shortage(configured(), world.connection, HERE, TUESDAY, {hidden})
    assert (found.late, found.more) == ((), ())
    due(world, "2", 5)
    one, both = (shortage(configured(), world.connection, HERE, TUESDAY, given) for given in ({hidden}, ()))
    assert 0 < sum(each.places for each in one.more) < sum(each.places for each in both.more)


def test_a_pair_without_a_panel_lists_who_is_due_and_lacks_no_places(world: ReviewRows) -> None:
    for days in (42, 43):
        due(world, f"T{days}", days, "London North")
    due(world, "1", 5)
    found = shortage(configured(), world.connection, THERE, TUESDAY)
    assert (found.panel, found.until_on, found.more) == (False, TUESDAY + 42 * DAY, ())
    assert [one.review.case_ref for one in found.late] == ["T42"]
    assert without_panel(configured(), world.connection) == [THERE]

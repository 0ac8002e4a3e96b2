"""The register of pairs: its default period, its pairs in order, and the places and needs of the weeks to come."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from sqlalchemy import Engine

from config.settings import HERE as CONFIG
from flows.configured import configured
from models.rules.reviews.capacity import ExtraPlaces
from tasks.reviews.register import Register, RegisterRow, reviews
from tasks.reviews.shortfall import places_lacking
from tests.worlds.panels import TUESDAYS
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import TUESDAY

HERE, THERE = ("45", "South East"), ("46", "London North")
DAY = timedelta(days=1)


@pytest.fixture
def world(database: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ReviewRows]:
    """Two forces have a panel each, of two places a Tuesday, that plans 21 days ahead."""
    path = tmp_path / "panels.yaml"
    others = {**TUESDAYS, "force_code": "46", "cps_area": "London North"}
    path.write_text(yaml.safe_dump({"panels": [others, TUESDAYS]}))
    monkeypatch.setenv("CASEBEAT_PANELS", str(path))
    with database.connect() as connection:
        yield ReviewRows(connection)


def register(
    world: ReviewRows, force: str | None = "45", first: date | None = None, last: date | None = None
) -> Register:
    world.connection.commit()
    return reviews(configured(), force, first, last, TUESDAY)


def row(world: ReviewRows) -> RegisterRow:
    (found,) = register(world).rows
    return found


def test_by_default_it_is_about_the_eight_weeks_before_today(world: ReviewRows) -> None:
    found = register(world)
    assert (found.from_on, found.to_on) == (TUESDAY - 56 * DAY, TUESDAY - DAY)
    last = register(world, last=TUESDAY + 3 * DAY)
    assert (last.from_on, last.to_on) == (TUESDAY - 52 * DAY, TUESDAY + 3 * DAY)
    first = register(world, first=TUESDAY - 9 * DAY)
    assert (first.from_on, first.to_on) == (TUESDAY - 9 * DAY, TUESDAY - DAY)


def test_each_pair_with_a_panel_cases_or_sittings_has_a_row_in_order(world: ReviewRows) -> None:
    world.case_of("1", "47", "Wales")
    world.sitting("s1", TUESDAY + DAY, area="London South")
    found = register(world, None)
    assert [(one.pair, one.panel) for one in found.rows] == [
        (("45", "London South"), False), (HERE, True), (THERE, True), (("47", "Wales"), False),
    ]  # fmt: skip
    assert [one.pair for one in register(world, "45").rows] == [("45", "London South"), HERE]


def test_planned_sittings_have_their_places_and_beyond_the_horizon_the_panel_has_its_own(world: ReviewRows) -> None:
    sitting = world.sitting("s1", TUESDAY + 7 * DAY, places=5)
    world.convening(world.case_of("1"), sitting)
    world.sitting("s2", TUESDAY + 8 * DAY, places=3)
    weeks = row(world).weeks
    assert [(one.monday - TUESDAY).days for one in weeks] == [-1, 6, 13, 20, 27, 34, 41, 48]
    assert [one.places for one in weeks] == [0, 8, 0, 0, 2, 2, 2, 2], "the panel's 21 days end on Tue 7 Apr"
    assert [one.used for one in weeks] == [0, 1, 0, 0, 0, 0, 0, 0]


def test_a_force_with_a_shorter_interval_needs_places_more_often(
    world: ReviewRows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.owes(world.case_of("1", risk="standard"), TUESDAY + 2 * DAY)
    world.sitting("s1", TUESDAY + DAY, places=1)
    assert sum(one.needed for one in row(world).weeks) == 1
    often = '{"45": {joint-review: {every: {high: 5wd, medium: 5wd, standard: 5wd}}}}'
    policy = (CONFIG / "policy.yaml").read_text("utf-8").replace("overrides: {}", f"overrides: {often}")
    (tmp_path / "policy.yaml").write_text(policy, "utf-8")
    monkeypatch.setenv("CASEBEAT_POLICY", str(tmp_path / "policy.yaml"))
    assert sum(one.needed for one in row(world).weeks) > 5
    lacking = places_lacking(configured(), world.connection, HERE, TUESDAY + 21 * DAY, TUESDAY)
    assert sum(one.places for one in lacking) == 2


def test_a_planned_sitting_counts_to_the_last_sunday_of_the_eighth_week(world: ReviewRows) -> None:
    for days in (54, 55):
        world.sitting(f"s{days}", TUESDAY + days * DAY, places=7)
    assert [one.places for one in row(world).weeks][-2:] == [2, 9]


def test_a_review_needs_a_place_in_the_week_of_its_day_and_what_lacks_is_told_there(world: ReviewRows) -> None:
    for number in range(3):
        world.owes(world.case_of(str(number), risk="standard"), TUESDAY + 9 * DAY)
    world.sitting("s1", TUESDAY + 7 * DAY, places=2)
    weeks = row(world).weeks
    assert [one.needed for one in weeks][:3] == [0, 3, 0]
    assert [one.more for one in weeks][:3] == [(), (ExtraPlaces(1, TUESDAY + 9 * DAY),), ()]
    assert row(world).more == 1

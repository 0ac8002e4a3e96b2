"""What SPOCs are told of places: when a pair is reported, what is kept of it, and what an undoing keeps."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from sqlalchemy import Connection

from flows.configured import configured
from models.queries.rounds import rounds
from tasks.messages.capacity.send_capacity import SWITCH, notify_spocs, restore
from tests.worlds.panels import TUESDAYS
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import AT_NINE, TUESDAY

MONDAY, SUNDAY = TUESDAY - timedelta(days=1), TUESDAY - timedelta(days=2)
ABOUT = "45/South East"


@pytest.fixture
def world(connection: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ReviewRows:
    """Surrey has a panel, without a sitting, and two high-risk cases whose review is due tomorrow."""
    path = tmp_path / "panels.yaml"
    path.write_text(yaml.safe_dump({"panels": [TUESDAYS]}))
    monkeypatch.setenv("CASEBEAT_PANELS", str(path))
    made = ReviewRows(connection)
    for number in (1, 2):
        made.owes(made.case_of(str(number)), TUESDAY + timedelta(days=1))
    return made


def kept(world: ReviewRows) -> dict[str, list[object]]:
    return json.loads(rounds.switch(world.connection, SWITCH) or "{}")


def told(world: ReviewRows, on: date, late: int = 2, lacking: int = 2, about: str = ABOUT) -> None:
    """Keep the figures of the last message about a pair."""
    world.switch(SWITCH, json.dumps(kept(world) | {about: [late, lacking, on.isoformat()]}))


def late_message(world: ReviewRows, day: date, how: str = "late", **given: object) -> None:
    world.message("SP1", kind="capacity", key=f"capacity:{how}:{day}", about=ABOUT, day=day, **given)


def undone(world: ReviewRows, day: date = MONDAY) -> dict[str, list[object]]:
    restore(configured(), world.connection, day, AT_NINE)
    return kept(world)


def test_an_undoing_keeps_the_figures_of_its_day_as_those_of_the_last_message_that_remains(world: ReviewRows) -> None:
    world.contact("SP1")
    late_message(world, SUNDAY)
    late_message(world, TUESDAY, state="void")
    told(world, TUESDAY, 9, 9)
    assert undone(world) == {ABOUT: [2, 4, SUNDAY.isoformat()]}


def test_without_a_message_that_remains_its_day_is_that_of_the_undoing(world: ReviewRows) -> None:
    told(world, TUESDAY, 9, 9)
    assert undone(world) == {ABOUT: [2, 4, MONDAY.isoformat()]}


def test_what_was_kept_on_the_day_or_before_stays(world: ReviewRows) -> None:
    told(world, MONDAY, 9, 9)
    assert undone(world) == {ABOUT: [9, 9, MONDAY.isoformat()]}


def test_a_pair_that_was_not_late_on_that_day_is_forgotten(world: ReviewRows) -> None:
    told(world, TUESDAY, 9, 9, about="46/London North")
    assert undone(world) == {}


def test_a_review_without_a_place_counts_as_late_up_to_the_last_day_of_its_pairs_horizon(world: ReviewRows) -> None:
    for days in (21, 22):
        world.owes(world.case_of(f"H{days}"), MONDAY + timedelta(days=days))
    told(world, TUESDAY, 9, 9)
    assert undone(world)[ABOUT][0] == 3


def test_a_sitting_after_the_deadline_counts_as_late_until_its_day_has_come(world: ReviewRows) -> None:
    world.contact("SP1")
    deadline = MONDAY - timedelta(days=1)
    for number, day in enumerate((MONDAY, TUESDAY)):
        late = world.case_of(f"S{number}")
        world.owes(late, deadline)
        world.convening(late, world.sitting(f"V{number}", day), deadline_on=deadline)
    told(world, TUESDAY, 9, 9)
    assert undone(world)[ABOUT][0] == 3


def test_where_nothing_was_kept_nothing_is(world: ReviewRows) -> None:
    assert undone(world) == {}
    assert world.switches() == []


@pytest.mark.usefixtures("database")
def test_on_a_day_off_nobody_is_told() -> None:
    assert notify_spocs(configured(), date(2026, 3, 15), AT_NINE) == 0

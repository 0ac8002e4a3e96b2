"""What SPOCs are told of places: when a pair is reported, what is kept of it, and what an undoing keeps."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from sqlalchemy import Connection

from models.queries.rounds import rounds
from tasks.messages.capacity.send_capacity import SWITCH, _about_late, _by_hand, _news, notify_spocs, restore
from tests.worlds.panels import TUESDAYS
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import AT_NINE, TUESDAY

HERE, THERE = ("45", "South East"), ("46", "London North")
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


def news(world: ReviewRows, late: int = 2) -> dict[tuple[str, str], str]:
    return _news(world.connection, {HERE: late} if late else {}, TUESDAY, AT_NINE)


TODAYS = [2, 4, TUESDAY.isoformat()]  # each case is due again within the horizon


def test_a_pair_that_begins_to_be_late_is_reported_and_kept(world: ReviewRows) -> None:
    assert news(world) == {HERE: "late"}
    assert kept(world) == {ABOUT: TODAYS}


@pytest.mark.parametrize(
    ("on", "late", "lacking", "reported"),
    [
        (MONDAY, 2, 4, False), (SUNDAY, 2, 4, True), (MONDAY, 1, 4, True), (MONDAY, 3, 4, False), (MONDAY, 2, 3, True),
        (MONDAY, 2, 5, False), (TUESDAY, 1, 1, False),
    ],
)  # fmt: skip
def test_it_is_reported_again_where_more_is_late_or_lacking_or_a_week_has_begun(
    world: ReviewRows, on: date, late: int, lacking: int, reported: bool
) -> None:
    told(world, on, late, lacking)
    before = kept(world)
    assert news(world) == ({HERE: "late"} if reported else {})
    assert kept(world) == ({ABOUT: TODAYS} if reported else before)


def test_a_pair_that_is_late_no_more_is_reported_once(world: ReviewRows) -> None:
    told(world, MONDAY)
    assert news(world, late=0) == {HERE: "right"}
    assert (kept(world), news(world, late=0)) == ({}, {})


def test_of_a_pair_that_was_reported_today_nothing_is_said_again_today(world: ReviewRows) -> None:
    told(world, TUESDAY)
    assert news(world, late=0) == {}
    assert kept(world) == {ABOUT: [2, 2, TUESDAY.isoformat()]}


def test_a_pair_without_a_panel_any_more_is_forgotten(world: ReviewRows) -> None:
    told(world, MONDAY, about="46/London North")
    assert news(world, late=0) == {}
    assert kept(world) == {}


def late_message(world: ReviewRows, day: date, how: str = "late", **given: object) -> None:
    world.message("SP1", kind="convening", key=f"convening:{how}:{day}", about=ABOUT, day=day, **given)


def undone(world: ReviewRows, day: date = MONDAY) -> dict[str, list[object]]:
    restore(world.connection, day, AT_NINE)
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


def test_where_nothing_was_kept_nothing_is(world: ReviewRows) -> None:
    assert undone(world) == {}
    assert world.switches() == []


def test_messages_about_late_pairs_are_one_a_person_pair_and_day_and_by_hand_one_a_person_and_week() -> None:
    to = {HERE: ["SP1", None], THERE: ["SP1"]}
    late = _about_late({HERE: "late", THERE: "right"}, to, TUESDAY)
    assert [(one.key, one.contact_ref, one.about) for one in late] == [
        ("convening:late:45:South East:SP1:2026-03-17", "SP1", ABOUT),
        ("convening:late:45:South East:operations:2026-03-17", None, ABOUT),
        ("convening:right:46:London North:SP1:2026-03-17", "SP1", "46/London North"),
    ]
    by_hand = _by_hand([HERE, THERE], to, TUESDAY)
    assert [(one.key, one.contact_ref, one.about) for one in by_hand] == [
        ("convening:by-hand:SP1:2026-03-16", "SP1", "45/South East; 46/London North"),
        ("convening:by-hand:operations:2026-03-16", None, ABOUT),
    ]


@pytest.mark.usefixtures("database")
def test_on_a_day_off_nobody_is_told() -> None:
    assert notify_spocs(date(2026, 3, 15), AT_NINE) == 0

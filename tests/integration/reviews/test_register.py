"""The register: reviews due and held in time, outcomes of sittings, and the places of the weeks to come."""

import json
from typing import Any

import pytest

from flows.configured import configured
from tasks.reviews.register import page
from tests.worlds.days import day
from tests.worlds.panels import TUESDAYS, PanelWorld
from tests.worlds.sittings import ALONE, HELD, record


@pytest.fixture
def world(database, run_cli, tmp_path, monkeypatch) -> PanelWorld:
    """The high-risk case of Mon 2 Mar 2026, due on Mon 16 Mar; a panel of two places every Tuesday."""
    made = PanelWorld(database, run_cli, tmp_path, monkeypatch)
    made.panels(TUESDAYS)
    return made


def told(world, on: str, *more: str) -> dict[str, Any]:
    ran = world.cli("reviews", "--json", "--as-of", day(on).isoformat(), *more)
    assert ran.code == 0, ran.err
    (line,) = ran.out.splitlines()
    return json.loads(line)


def counts(world, on: str, *more: str) -> tuple[int, ...]:
    found = told(world, on, *more)
    return tuple(found[name] for name in ("due", "held_in_time", "late", "not_yet", "unquorate", "not_held"))


def test_a_review_that_is_held_before_its_day_is_due_and_in_time(world):
    world.rounds("Wed 4 Mar 2026", "Tue 10 Mar 2026")
    assert record(world, "45-south-east-2026-03-10", *HELD, as_of="Tue 10 Mar 2026").code == 0
    world.round("Wed 11 Mar 2026")
    assert counts(world, "Mon 23 Mar 2026") == (1, 1, 0, 0, 0, 0)


def test_one_that_one_side_missed_is_late_and_not_quorate(world):
    world.rounds("Wed 4 Mar 2026", "Tue 10 Mar 2026")
    assert record(world, "45-south-east-2026-03-10", *ALONE, as_of="Tue 10 Mar 2026").code == 0
    assert counts(world, "Tue 17 Mar 2026") == (1, 0, 1, 0, 1, 0)


def test_one_that_is_held_after_its_day_is_late(world):
    world.round("Wed 4 Mar 2026")
    world.belongs("reviews", review_ref="R1", kind="joint", held_on=day("Tue 17 Mar 2026"), police_attended=True,
                  cps_attended=True)  # fmt: skip
    world.round("Wed 18 Mar 2026")
    assert counts(world, "Wed 18 Mar 2026") == (1, 0, 1, 0, 0, 0)


def test_one_whose_day_is_today_or_to_come_may_still_be_held_in_time(world):
    assert counts(world, "Mon 16 Mar 2026", "--to", "2026-03-16") == (1, 0, 0, 1, 0, 0)
    assert counts(world, "Tue 17 Mar 2026") == (1, 0, 1, 0, 0, 0)


def test_one_that_moved_before_its_day_is_counted_on_the_new_day_alone(world):
    world.round("Wed 4 Mar 2026")
    world.say("update cases set risk = 'medium', projection = 'changed'")  # due on Mon 30 Mar
    world.round("Thu 5 Mar 2026")
    assert counts(world, "Wed 18 Mar 2026") == (0, 0, 0, 0, 0, 0)
    assert counts(world, "Tue 31 Mar 2026") == (1, 0, 1, 0, 0, 0)


def test_the_period_holds_its_first_and_its_last_day(world):
    for first, last, due in (("03-16", "03-16", 1), ("03-17", "03-20", 0), ("03-10", "03-15", 0)):
        assert counts(world, "Fri 20 Mar 2026", "--from", f"2026-{first}", "--to", f"2026-{last}")[0] == due


def test_a_period_that_ends_before_it_begins_is_refused(world):
    ran = world.cli("reviews", "--from", "2026-03-17", "--to", "2026-03-16", "--as-of", "2026-03-20")
    assert ran.code == 2
    assert "--from is after --to" in ran.err


def test_the_weeks_to_come_have_their_places_beyond_what_is_planned_and_what_is_taken_needed_and_lacking(world):
    world.several(3, "high")  # with the first, four that are due on Mon 16 Mar
    world.round("Mon 9 Mar 2026")
    found = told(world, "Mon 9 Mar 2026")
    assert found["panel"] is True
    weeks = found["weeks"]
    assert [week["week"] for week in weeks] == [
        "2026-03-09", "2026-03-16", "2026-03-23", "2026-03-30", "2026-04-06", "2026-04-13", "2026-04-20", "2026-04-27",
    ]  # fmt: skip
    assert [week["places"] for week in weeks] == [2] * 8
    assert [week["used"] for week in weeks] == [2, 2, 0, 0, 0, 0, 0, 0]
    assert [week["needed"] for week in weeks] == [0, 4, 0, 4, 0, 4, 0, 4]
    assert [week["lacking"] for week in weeks if week["lacking"]] == [[{"places": 2, "by": "2026-03-16"}]]


def test_a_pair_without_a_panel_has_no_places_and_needs_them_all(world):
    world.panels()
    found = told(world, "Mon 9 Mar 2026")
    assert found["panel"] is False
    assert {week["places"] for week in found["weeks"]} == {0}
    assert sum(more["places"] for week in found["weeks"] for more in week["lacking"]) == 4


def test_for_people_it_is_a_table_with_its_totals_and_a_bar_a_week(world):
    world.several(3, "high")
    world.round("Mon 9 Mar 2026")
    lines = world.cli("reviews", "--as-of", "2026-03-09", "--to", "2026-03-16").out.splitlines()
    assert lines[0] == "Joint reviews that fell due from Tue 20 Jan 2026 to Mon 16 Mar 2026"
    assert lines[3].split() == ["Surrey", "(45)", "and", "CPS", "South", "East", "4", "0", "0", "4", "0", "0"]
    assert lines[4].split() == ["All", "pairs", "4", "0", "0", "4", "0", "0"]
    (second,) = [line for line in lines if "week of Mon 16 Mar 2026" in line]
    assert second.split("  ")[-2:] == ["██!!", "2 places, 2 taken, 4 needed; 2 more by Mon 16 Mar 2026"]


def test_its_page_has_the_table_and_each_pairs_weeks_as_a_picture_with_its_words(world):
    world.several(3, "high")
    world.round("Mon 9 Mar 2026")
    said = page(configured(), day("Mon 9 Mar 2026"))
    assert "| Surrey (45) and CPS South East | 0 | 0 | 0 | 0 | 0 | 2 |" in said
    assert "](data:image/svg+xml;base64," in said
    assert "![Mon 9 Mar 2026: 2 places, 2 taken, 0 needed. Mon 16 Mar 2026: 2 places, 2 taken, 4 needed; 2 more" in said
    assert "- 2 more places by Mon 16 Mar 2026" in said

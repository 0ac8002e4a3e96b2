"""The pictures in docs of `tasks` and of convening equal the code; the layout keeps boxes apart."""

import re
from itertools import pairwise

import pytest

from tests.house.picture.imports import Plan, Room, plan_of, stacked
from tests.house.picture.layout import laid_out
from tests.house.picture.svg import drawn
from tests.house.picture.walk import ACTS, drawn_walk, walk_of
from tests.house.source import ROOT

TODAY = ROOT / "docs" / "tasks-after.svg"
REDRAW = "draw it again: make picture"


@pytest.fixture(scope="module")
def plan():
    return plan_of(ROOT)


@pytest.fixture(scope="module")
def shown():
    """The rooms with the sizes that the picture in docs shows."""
    found = re.findall(r'<g id="(\w+)" data-modules="(\d+)" data-lines="(\d+)"', TODAY.read_text("utf-8"))
    return {name: Room(name, int(modules), int(lines)) for name, modules, lines in found}


def test_the_picture_in_docs_shows_the_rooms_of_today(plan, shown):
    assert set(shown) == set(plan.rooms), REDRAW


def test_the_picture_in_docs_shows_the_imports_of_today(plan, shown):
    assert drawn(plan, shown) == TODAY.read_text("utf-8"), REDRAW


def test_the_sizes_that_the_picture_shows_are_right_to_a_tenth(plan, shown):
    off = {
        name: room
        for name, room in plan.rooms.items()
        if abs(room.modules - shown[name].modules) > room.modules / 10 + 1
        or abs(room.lines - shown[name].lines) > room.lines / 10 + 50
    }
    assert off == {}, REDRAW


def test_no_room_of_tasks_imports_upward_or_in_a_loop(plan):
    assert (plan.upward, plan.loops) == (set(), [])


@pytest.fixture(scope="module")
def walk():
    return walk_of(ROOT)


def test_the_picture_of_convening_shows_the_calls_of_today(walk):
    assert drawn_walk(walk) == (ROOT / "docs" / "convening.svg").read_text("utf-8"), REDRAW


def test_from_due_to_placed_a_case_passes_ten_rooms_at_most_and_each_of_the_three_acts(walk):
    assert len(walk) + 1 <= 10
    assert {stop.act for stop in walk} == set(ACTS)


ROOMS = {name: Room(name, modules=1, lines=100) for name in ("top", "left", "right", "ground")}
LOOP = {("top", "left"): 1, ("top", "right"): 1, ("left", "right"): 3, ("right", "left"): 1, ("right", "ground"): 1}
LONG = {("top", "ground"): 2}


def test_a_loop_is_opened_where_the_fewest_imports_are():
    plan = Plan(ROOMS, LOOP | LONG, stacked(set(ROOMS), LOOP | LONG))
    assert plan.floors == {"ground": 0, "right": 1, "left": 2, "top": 3}
    assert plan.upward == {("right", "left")}
    assert plan.loops == [{"left", "right"}]
    assert plan.counts == "4 rooms, 6 arrows, 1 loop, 1 upward import"


def test_an_upward_arrow_is_drawn_as_one_beside_the_downward_one():
    plan = Plan(ROOMS, LOOP, stacked(set(ROOMS), LOOP))
    assert drawn(plan, ROOMS).count('class="upward" marker-start') == 1


def test_two_rooms_of_one_floor_that_import_each_other_are_refused():
    with pytest.raises(ValueError, match="left imports right on its own floor"):
        laid_out(Plan(ROOMS, LOOP, {"top": 2, "left": 1, "right": 1, "ground": 0}), lambda _: 90)


def test_boxes_and_lanes_of_a_floor_never_overlap(plan):
    layout = laid_out(plan, lambda _: 120)
    for floor in layout.floors:
        for left, right in pairwise(floor):
            gap = layout.centres[right] - layout.centres[left]
            assert gap > (layout.widths[left] + layout.widths[right]) / 2


def test_a_line_that_passes_a_floor_ends_at_its_room(plan):
    segments = laid_out(plan, lambda _: 120).segments
    for above, below in plan.arrows:
        spot, steps = (above, plan.floors[above]), 0
        while spot[0] != below or spot[1] > plan.floors[below]:
            lower = [low for high, low, _ in segments if high == spot and low[0] == below]
            assert len(lower) == 1
            spot, steps = lower[0], steps + 1
        assert steps == plan.floors[above] - plan.floors[below]

"""Panels that change: future sittings move or are cancelled, their cases are convened again, past sittings stay."""

import pytest

from config.sittings import ConveningEnd, ConveningReason
from tests.worlds.days import day
from tests.worlds.panels import TUESDAYS, PanelWorld

AUDIT = "select ref, reason from audit where about = 'sitting' and reason <> 'planned' order by id"


@pytest.fixture
def world(database, run_cli, tmp_path, monkeypatch) -> PanelWorld:
    """Sittings of Tue 10, 17 and 24 Mar; the high-risk case sits on the 10th, two of medium risk on the 24th."""
    made = PanelWorld(database, run_cli, tmp_path, monkeypatch)
    made.panels(TUESDAYS)
    made.several(2, "medium", opened_on="2026-02-25")
    made.round("Wed 4 Mar 2026")
    assert made.where() == {"45/1234": "03-10", "M0": "03-24", "M1": "03-24"}
    return made


def test_from_tuesday_to_wednesday_each_sitting_moves_within_its_week_with_its_cases(world):
    world.panels({**TUESDAYS, "rrule": "FREQ=WEEKLY;BYDAY=WE"})
    world.round("Thu 5 Mar 2026")
    assert world.ask("select ref, day from sittings where cancelled_on is null order by day") == [
        ("45-south-east-2026-03-10", day("Wed 11 Mar 2026")), ("45-south-east-2026-03-17", day("Wed 18 Mar 2026")),
        ("45-south-east-2026-03-24", day("Wed 25 Mar 2026")),
    ]  # fmt: skip
    assert world.where() == {"45/1234": "03-10", "M0": "03-24", "M1": "03-24"}
    assert [one["day"] for one in world.told_sittings("2026-03-05")] == ["2026-03-11", "2026-03-25", "2026-03-25"]
    owed = world.ask("select due_on from obligations where rule = 'outcome-unrecorded' and ended_on is null order by 1")
    assert owed == [
        day("Thu 12 Mar 2026"), day("Thu 26 Mar 2026"), day("Thu 26 Mar 2026"),
    ]  # fmt: skip
    assert {what for _, what in world.ask(AUDIT)} == {"moved"}


def test_another_hour_moves_the_minutes_and_nobody(world):
    world.panels({**TUESDAYS, "starts": "14:30"})
    world.round("Thu 5 Mar 2026")
    told = world.told_sittings("2026-03-05")
    assert told[0]["starts_at"] == "2026-03-10T14:30:00+00:00"
    assert {one["sitting_ref"][-5:] for one in told} == {"03-10", "03-24"}


def test_a_dropped_sitting_goes_and_its_cases_are_convened_again_because_of_the_panel(world):
    world.panels({**TUESDAYS, "rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "from": "2026-03-03"})
    world.round("Thu 5 Mar 2026")
    assert [ref[-5:] for ref in world.sittings()] == ["03-17"]
    assert world.history("45/1234") == [
        ("03-10", ConveningReason.DUE, ConveningEnd.CANCELLED),
        ("03-17", ConveningReason.PANEL, None),
    ]
    assert world.history("M0") == [
        ("03-24", ConveningReason.DUE, ConveningEnd.CANCELLED),
        ("03-17", ConveningReason.PANEL, None),
    ]
    assert world.history("M1") == [("03-24", ConveningReason.DUE, ConveningEnd.CANCELLED)]
    late = {one["case_ref"]: one["late"] for one in world.told_sittings("2026-03-05")}
    assert late == {"45/1234": False, "M0": False, "M1": True}
    world.round("Fri 13 Mar 2026")
    assert world.history("M1")[1:] == [("03-31", ConveningReason.PANEL, None)]


def test_fewer_places_let_the_least_by_worth_give_way(world):
    world.panels({**TUESDAYS, "cases": 1})
    world.round("Thu 5 Mar 2026")
    assert world.where() == {"45/1234": "03-10", "M0": "03-24", "M1": "03-17"}
    assert world.history("M1") == [
        ("03-24", ConveningReason.DUE, ConveningEnd.MOVED),
        ("03-17", ConveningReason.PANEL, None),
    ]


def test_a_new_chair_is_written_to_the_sittings_to_come_alone(world):
    world.rounds("Thu 5 Mar 2026", "Tue 10 Mar 2026")
    world.panels({**TUESDAYS, "chair": "CS1"})
    world.round("Wed 11 Mar 2026")
    assert world.ask("select distinct chair_ref, day > '2026-03-11' from sittings order by 1") == [
        ("CS1", True), ("SP1", False),
    ]  # fmt: skip
    assert world.ask(
        """select distinct o.subject, o.owed_by from obligations o
           where rule = 'outcome-unrecorded' and ended_on is null order by 1"""
    ) == [("sitting:45-south-east-2026-03-10", "police"), ("sitting:45-south-east-2026-03-24", "cps")]


def test_a_sitting_of_a_panel_that_comes_back_has_a_reference_of_its_own(world):
    world.panels({**TUESDAYS, "rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"})
    world.round("Thu 5 Mar 2026")
    world.panels(TUESDAYS)
    world.round("Fri 6 Mar 2026")
    assert world.sittings() == [
        "45-south-east-2026-03-10-2", "45-south-east-2026-03-17", "45-south-east-2026-03-24-2",
    ]  # fmt: skip


def test_a_panel_that_is_taken_away_takes_its_sittings_to_come_with_it(world):
    world.rounds("Thu 5 Mar 2026", "Tue 10 Mar 2026")
    world.panels()
    world.round("Wed 11 Mar 2026")
    assert [ref[-5:] for ref in world.sittings()] == ["03-10"]
    assert world.where() == {"45/1234": "03-10"}  # its outcome is still awaited
    world.round("Thu 12 Mar 2026")
    assert world.where() == {}


def test_a_shorter_horizon_cancels_nothing(world):
    world.panels({**TUESDAYS, "horizon": "7d"})
    world.round("Thu 5 Mar 2026")
    assert len(world.sittings()) == 3


def test_an_earlier_sitting_takes_who_is_overdue(world):
    world.case("O1", opened_on="2026-01-02")
    world.panels({**TUESDAYS, "rrule": "FREQ=MONTHLY;BYMONTHDAY=17"})
    world.round("Thu 5 Mar 2026")
    assert world.where()["O1"] == "03-17"
    world.panels(
        {**TUESDAYS, "rrule": "FREQ=MONTHLY;BYMONTHDAY=17"}, {**TUESDAYS, "rrule": "FREQ=MONTHLY;BYMONTHDAY=12"}
    )
    world.round("Fri 6 Mar 2026")
    assert world.history("O1")[-1] == ("03-12", ConveningReason.PANEL, None)


def test_a_case_whose_area_changes_is_convened_by_its_new_pair(world):
    wessex = {**TUESDAYS, "cps_area": "Wessex", "rrule": "FREQ=WEEKLY;BYDAY=TH"}
    world.panels(TUESDAYS, wessex)
    world.say("update cases set cps_area = 'Wessex', projection = 'changed' where case_ref = 'M0'")
    world.round("Thu 5 Mar 2026")
    assert world.ask(
        """select s.ref from convenings v join sittings s on s.id = v.sitting_id join case_keys k on k.id = v.case_id
           where k.case_ref = 'M0' and v.ended_on is null"""
    ) == ["45-wessex-2026-03-19"]


def test_a_fault_in_the_panels_file_refuses_the_round_before_anything_is_done(world):
    world.panels({**TUESDAYS, "cases": 0})
    ran = world.cli("run", "--as-of", "2026-03-05")
    assert ran.code == 2
    assert "panels[1].cases" in ran.err
    assert world.ask("select max(day) from rounds") == [day("Wed 4 Mar 2026")]


def test_whose_sitting_moves_beyond_their_day_sits_earlier_where_there_is_room(world):
    world.case("T", opened_on="2026-01-20", risk="standard")
    world.round("Thu 5 Mar 2026")
    assert world.where()["T"] == "03-17"
    world.panels({**TUESDAYS, "rrule": "FREQ=WEEKLY;BYDAY=WE"})
    world.round("Fri 6 Mar 2026")
    assert world.history("T") == [
        ("03-17", ConveningReason.DUE, ConveningEnd.MORE_ROOM),
        ("03-10", ConveningReason.ROOM, None),
    ]
    assert world.where() == {"45/1234": "03-10", "M0": "03-24", "M1": "03-24", "T": "03-10"}
    owed = (
        "select subject from obligations o join cases c on c.id = o.case_id where c.case_ref = 'T' and ended_on is null"
    )
    assert world.ask(f"{owed} and rule = 'outcome-unrecorded'") == ["sitting:45-south-east-2026-03-10"]
    assert not any(one["late"] for one in world.told_sittings("2026-03-06"))


def test_who_is_late_takes_a_place_that_comes_free_before_a_newcomer_does(world):
    world.case("F", opened_on="2026-03-02")
    world.case("S", opened_on="2026-01-20", risk="standard")
    world.round("Thu 5 Mar 2026")
    world.say("update cases set risk = 'high', projection = 'changed' where case_ref = 'S'")
    world.round("Fri 6 Mar 2026")
    assert world.where() == {"45/1234": "03-10", "F": "03-10", "S": "03-17", "M0": "03-24", "M1": "03-24"}
    world.say("update cases set finalised_on = '2026-03-06', projection = 'changed' where case_ref = 'F'")
    world.case("Z", opened_on="2026-01-15", risk="standard")
    world.round("Sat 7 Mar 2026")
    there = {"45/1234": "03-10", "S": "03-10", "Z": "03-17", "M0": "03-24", "M1": "03-24"}
    assert world.where() == there
    assert world.history("S")[-1] == ("03-10", ConveningReason.ROOM, None)
    world.round("Sat 7 Mar 2026")
    assert world.where() == there

"""Minutes are given when a sitting is settled: what failed before first, then the most urgent; and stay."""

import pytest

from tests.worlds.days import day
from tests.worlds.panels import TUESDAYS, PanelWorld
from tests.worlds.sittings import NOT_REACHED, record

FAR = {**TUESDAYS, "cases": 4, "rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "from": "2026-03-24", "horizon": "42d"}
SETTLED = "Tue 17 Mar 2026"  # five working days before Tue 24 Mar
SLOTS = """select k.case_ref, v.slot from convenings v join case_keys k on k.id = v.case_id
           where v.ended_on is null order by v.slot"""


@pytest.fixture
def world(database, run_cli, tmp_path, monkeypatch) -> PanelWorld:
    """A case of high risk, and two of medium risk."""
    made = PanelWorld(database, run_cli, tmp_path, monkeypatch)
    made.panels(FAR)
    made.several(2, "medium")
    made.round("Mon 9 Mar 2026")
    return made


def slots(world: PanelWorld) -> list[str]:
    return [case_ref for case_ref, _ in world.ask(SLOTS)]


def urgent(world: PanelWorld, case_ref: str) -> None:
    world.say(
        "update cases set suspect_status = 'bail', bail_ends_on = '2026-03-19' where case_ref = :ref", ref=case_ref
    )
    world.changed()


def test_the_most_urgent_case_has_the_first_minutes_once_the_sitting_is_settled(world):
    first = slots(world)
    assert first[0] != "M1"
    urgent(world, "M1")
    world.round("Mon 16 Mar 2026")
    assert slots(world) == first
    world.round(SETTLED)
    assert slots(world)[0] == "M1"
    assert world.ask("select distinct settled_on from sittings where ref like '%03-24'") == [day(SETTLED)]


def test_minutes_that_were_given_stay_and_who_comes_later_takes_what_is_left(world):
    world.round(SETTLED)
    given = slots(world)
    urgent(world, given[-1])
    world.case("H9", opened_on="2026-03-17")
    world.round("Wed 18 Mar 2026")
    asked = ("convene", "45/H9", "--sitting", "45-south-east-2026-03-24", "--by", "SP1", "--as-of", "2026-03-18")
    assert world.cli(*asked).code == 0
    world.round("Thu 19 Mar 2026")
    assert slots(world) == [*given, "H9"]


def test_of_those_who_come_later_what_was_not_reached_before_has_the_lowest_minutes_left(world):
    ref = "45-south-east-2026-03-24"
    world.round(SETTLED)
    last = slots(world)[-1]
    assert record(world, ref, *NOT_REACHED, as_of="Tue 24 Mar 2026", case=f"45/{last}").code == 0
    world.say("update convenings set ended_on = '2026-03-24', \"end\" = 'void' where ended_on is null")
    world.say("update sittings set settled_on = '2026-03-24' where ref <> :ref", ref=ref)
    urgent(world, "M1")
    world.round("Wed 25 Mar 2026")
    assert slots(world)[0] == last


def at(world: PanelWorld, ref: str) -> list[str]:
    return world.ask(
        f"""select k.case_ref from convenings v join case_keys k on k.id = v.case_id
            join sittings s on s.id = v.sitting_id where v.ended_on is null and s.ref = '{ref}' order by v.slot"""
    )


def test_who_was_not_reached_and_comes_late_moves_nobody_and_takes_the_minutes_of_a_case_that_went(world):
    world.panels({**FAR, "rrule": "FREQ=WEEKLY;BYDAY=TU"})
    for number in range(3):
        world.case(f"N{number}", opened_on="2026-03-09", risk="medium")
    world.round("Mon 16 Mar 2026")
    for number in range(3):
        to = ("--sitting", "45-south-east-2026-03-31", "--by", "SP1", "--as-of", "2026-03-16")
        assert world.cli("convene", f"45/N{number}", *to).code == 0
    world.round("Tue 24 Mar 2026")
    late, (first, leaves, last) = at(world, "45-south-east-2026-03-24")[-1], at(world, "45-south-east-2026-03-31")
    to = ("--sitting", "45-south-east-2026-04-07", "--by", "SP1", "--as-of", "2026-03-24")
    assert world.cli("convene", f"45/{leaves}", *to).code == 0
    assert record(world, "45-south-east-2026-03-24", *NOT_REACHED, as_of="Tue 24 Mar 2026", case=f"45/{late}").code == 0
    world.round("Wed 25 Mar 2026")
    assert at(world, "45-south-east-2026-03-31") == [first, late, last]


def test_a_case_that_was_not_reached_comes_first_whatever_is_more_urgent(world):
    urgent(world, "M1")
    world.round(SETTLED)
    assert slots(world)[0] == "M1"
    last = slots(world)[-1]
    assert record(world, "45-south-east-2026-03-24", *NOT_REACHED, as_of="Tue 24 Mar 2026", case=f"45/{last}").code == 0
    world.say("update convenings set ended_on = '2026-03-24', \"end\" = 'moved' where ended_on is null")
    world.round("Wed 25 Mar 2026")
    world.round("Fri 27 Mar 2026")  # five working days before Tue 7 Apr
    assert slots(world)[0] == last

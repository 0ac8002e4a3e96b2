"""A case goes before no sitting whose chair is barred from it: another chair takes it, or operations are told."""

import pytest

from config.sittings import ConveningEnd, ConveningReason
from tests.worlds.panels import TUESDAYS, PanelWorld

TODAY = "Wed 4 Mar 2026"
THURSDAYS = {**TUESDAYS, "rrule": "FREQ=WEEKLY;BYDAY=TH", "chair": "CS1", "cases": 1}


@pytest.fixture
def world(database, run_cli, tmp_path, monkeypatch) -> PanelWorld:
    """The high-risk case, due on Mon 16 Mar, and Tuesdays with SP1 in the chair, whom it bars."""
    made = PanelWorld(database, run_cli, tmp_path, monkeypatch)
    made.say("update contacts set email = contact_ref || '@surrey.police.uk'")
    made.panels(TUESDAYS)
    return made


def bars(world: PanelWorld, *refs: str, case_ref: str = "45/1234") -> None:
    world.say("update cases set barred_refs = :refs where case_ref = :ref", refs=list(refs), ref=case_ref)
    world.changed()


def told(world: PanelWorld) -> list[str]:
    return world.ask("select text from messages where key like 'barred chair:%' and contact_ref is null")


def test_operations_hear_once_that_a_case_needs_another_chair_and_read_no_reference(world):
    bars(world, "SP1")
    world.rounds(TODAY, "Fri 6 Mar 2026")
    assert world.where() == {}
    (text,) = told(world)
    assert text.startswith("A case needs another chair\n\nA case of force 45 and CPS South East has no sitting")
    assert "1234" not in text


def test_the_list_says_what_to_do_where_no_round_can_convene_it(world):
    world.round(TODAY)
    bars(world, "SP1")
    world.round("Thu 5 Mar 2026")
    ran = world.cli("sittings", "--as-of", "2026-03-05")
    assert ran.err == (
        "1 due case without a chair who may hear of it, so that no round convenes it: give one of the sittings another "
        "chair in panels.yaml, or have the review held apart.\n"
    )


def test_a_case_that_was_before_a_chair_who_is_barred_since_leaves_that_sitting(world):
    world.round(TODAY)
    assert world.where() == {"45/1234": "03-10"}
    bars(world, "SP1")
    world.round("Thu 5 Mar 2026")
    assert world.history("45/1234") == [("03-10", ConveningReason.DUE, ConveningEnd.BARRED)]
    assert len(told(world)) == 1


def test_it_leaves_even_on_the_day_of_the_sitting(world):
    world.round(TODAY)
    bars(world, "SP1")
    world.round("Tue 10 Mar 2026")
    assert world.where() == {}


def test_the_other_contact_of_a_barred_person_is_no_chair_either(world):
    world.say("update contacts set email = 'sp1@SURREY.police.uk' where contact_ref = 'L1'")
    bars(world, "L1")
    world.round(TODAY)
    assert world.where() == {}


def test_a_case_sits_under_the_chair_who_may_hear_of_it_in_the_places_that_the_others_leave(world):
    world.panels(TUESDAYS, THURSDAYS)
    world.several(2, opened_on="2026-03-02", risk="high")
    bars(world, "SP1")
    world.round(TODAY)
    where = world.where()
    assert where["45/1234"] in {"03-05", "03-12", "03-19"}
    assert len(where) == 3
    assert told(world) == []
    world.round("Thu 5 Mar 2026")
    assert world.where() == where, "it stays"


def test_two_cases_that_bar_a_chair_take_one_place_each_the_more_urgent_first(world):
    world.panels(TUESDAYS, THURSDAYS)
    world.case("L0", risk="medium", opened_on="2026-02-25")
    bars(world, "SP1")
    bars(world, "SP1", case_ref="L0")
    world.round(TODAY)
    where = world.where()
    assert len(where) == 2
    assert where["45/1234"] < where["L0"]


def test_a_late_case_that_bars_somebody_but_no_chair_moves_to_an_earlier_place_like_any_other(world):
    world.panels(THURSDAYS)
    world.several(2, opened_on="2026-03-02", risk="high")
    world.round(TODAY)
    case_of = {on: case_ref for case_ref, on in world.where().items()}
    assert set(case_of) == {"03-05", "03-12", "03-19"}
    bars(world, "S1", case_ref=case_of["03-19"])
    world.say(
        "update cases set finalised_on = '2026-03-05', finalised_reason = 'nfa_police' where case_ref = :ref",
        ref=case_of["03-12"],
    )
    world.changed()
    world.round("Thu 5 Mar 2026")
    assert world.where()[case_of["03-19"]] == "03-12"


def test_nobody_puts_it_before_that_chair_by_command(world):
    world.panels(TUESDAYS, THURSDAYS)
    bars(world, "SP1")
    world.round(TODAY)
    ran = world.cli("convene", "45/45/1234", "--sitting", "45-south-east-2026-03-10", "--by", "P1",
                    "--as-of", "2026-03-04")  # fmt: skip
    assert ran.code == 2
    said = " ".join(ran.err.split())
    assert "The chair of 45-south-east-2026-03-10 must hear nothing of the case." in said


def test_it_is_not_late_at_the_first_sitting_of_a_chair_who_may_hear_of_it(world):
    world.panels(TUESDAYS, {**THURSDAYS, "from": "2026-03-19"})
    bars(world, "SP1")
    world.round(TODAY)
    ran = world.cli("convene", "45/45/1234", "--sitting", "45-south-east-2026-03-19", "--by", "P1",
                    "--as-of", "2026-03-04")  # fmt: skip
    assert ran.out.startswith("45/45/1234 sits at 45-south-east-2026-03-19, on Thu 19 Mar 2026. It stays there unless")


def test_a_barred_owner_of_an_action_is_nobody_whom_a_review_may_name(world):
    world.panels(THURSDAYS)
    bars(world, "S1")
    world.round(TODAY)
    ((ref, on),) = world.ask("select s.ref, s.day from convenings v join sittings s on s.id = v.sitting_id")
    world.round(on)
    ran = world.cli("record-review", ref, "45/45/1234", "--by", "P1", "--held", "--police", "--cps", "--decision",
                    "further_actions", "--action", "CCTV,S1,2026-03-30", "--as-of", on.isoformat())  # fmt: skip
    assert ran.code == 2
    assert "S1, the owner of CCTV, is not a known contact" in " ".join(ran.err.split())

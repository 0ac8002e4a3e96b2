"""Moving a case to another sitting by a person: who may, where to, and what the move withstands."""

import json

import pytest

from config.sittings import ConveningEnd, ConveningReason
from tests.worlds.days import row
from tests.worlds.one_case import CASE
from tests.worlds.panels import TUESDAYS, PanelWorld

TODAY = "Wed 4 Mar 2026"
REF = "45-south-east-2026-03-"


@pytest.fixture
def world(database, run_cli, tmp_path, monkeypatch) -> PanelWorld:
    """The high-risk case, due on Mon 16 Mar, and a standard one, M0, due on Wed 25 Mar; two places every Tuesday."""
    made = PanelWorld(database, run_cli, tmp_path, monkeypatch)
    made.panels(TUESDAYS, {**TUESDAYS, "cps_area": "Wessex", "starts": "14:00", "chair": "SP1"})
    made.case("M0", risk="medium", opened_on="2026-02-25")
    made.round(TODAY)
    assert made.where() == {"45/1234": "03-10", "M0": "03-24"}
    return made


def move(world, sitting, case="45/M0", by="SP1", as_of="2026-03-04"):
    return world.cli("convene", case, "--sitting", sitting, "--by", by, "--as-of", as_of)


def test_a_person_moves_a_case_and_it_stays_there(world):
    ran = move(world, f"{REF}10")
    assert ran.code == 0, ran.err
    assert ran.out == (
        "45/M0 sits at 45-south-east-2026-03-10, on Tue 10 Mar 2026. It stays there unless its due day moves before "
        "that, or a case of high risk, or critically overdue, would otherwise be late.\n"
    )
    assert world.history("M0") == [
        ("03-24", ConveningReason.DUE, ConveningEnd.MOVED),
        ("03-10", ConveningReason.CHOSEN, None),
    ]
    world.rounds("Thu 5 Mar 2026", "Mon 9 Mar 2026")
    assert world.where()["M0"] == "03-10"
    assert world.ask("select by, reason from audit where about = 'convening' and by <> 'casebeat' order by id") == [
        ("SP1", "moved"), ("SP1", "chosen"),
    ]  # fmt: skip


def test_the_answer_may_be_one_object(world):
    ran = world.cli("convene", "45/M0", "--sitting", f"{REF}10", "--by", "SP1", "--as-of", "2026-03-04", "--json")
    made = json.loads(ran.out)
    assert made.pop("sentence").startswith("45/M0 sits at")
    assert made == {
        "force_code": "45", "case_ref": "M0", "sitting_ref": f"{REF}10", "day": "2026-03-10", "by": "SP1", "new": True,
        "deadline_on": made["deadline_on"],
    }  # fmt: skip


def test_the_same_request_twice_changes_nothing(world):
    move(world, f"{REF}10")
    before = world.ask("select count(*) from audit where about = 'convening'")
    ran = move(world, f"{REF}10", by="P1")
    assert ran.out == "45/M0 sits at 45-south-east-2026-03-10 by a person's word already. Nothing was changed.\n"
    assert world.ask("select count(*) from audit where about = 'convening'") == before
    assert world.ask("select chosen_by from convenings where ended_on is null and chosen_by is not null") == ["SP1"]


def test_a_case_that_sits_there_already_is_pinned_by_the_request(world):
    assert move(world, f"{REF}24").code == 0
    assert world.history("M0") == [("03-24", ConveningReason.DUE, None)]
    assert world.ask("select chosen_by from convenings where chosen_by is not null") == ["SP1"]


def test_a_case_may_be_moved_beyond_its_due_day_and_is_then_said_to_be_late(world):
    ran = move(world, f"{REF}17", case=CASE)
    assert "That will be late: it should sit by Mon 16 Mar 2026." in ran.out
    world.round("Thu 5 Mar 2026")
    assert world.where()["45/1234"] == "03-17"
    assert [one["late"] for one in world.told_sittings("2026-03-05") if one["case_ref"] == "45/1234"] == [True]


def test_a_case_moved_by_a_person_gives_way_to_the_first_class_alone(world):
    move(world, f"{REF}17")
    for ref in ("N1", "N2"):
        world.case(ref, risk="medium", opened_on="2026-02-20")  # due on Fri 20 Mar: one of them fits beside it
    world.round("Thu 5 Mar 2026")
    assert world.where()["M0"] == "03-17"
    world.several(3, "high", opened_on="2026-03-05")  # due on Thu 19 Mar
    world.round("Fri 6 Mar 2026")
    assert world.history("M0")[-2:] == [
        ("03-17", ConveningReason.CHOSEN, ConveningEnd.MOVED),
        ("03-24", ConveningReason.GAVE_WAY, None),
    ]


@pytest.mark.parametrize("by", ["P1", "S1", "SP1", "L1", "C1", "M1", "CS1"])
def test_whoever_of_either_agency_answers_for_the_case_may_move_it(world, by):
    world.belongs("cps_cases", "M0", prosecutor_ref="C1")
    assert move(world, f"{REF}10", by=by).code == 0


@pytest.mark.parametrize(
    ("given", "says"),
    [
        row("a stranger", {"by": "P9"}, "P9 is not a known contact who is active on Wed 4 Mar 2026."),
        row("a prosecutor of another case", {"by": "C1"}, "There is no case 45/M0 in the book."),
        row("no such case", {"case": "45/K9"}, "There is no case 45/K9 in the book."),
        row("no such sitting", {"sitting": "45-x-2026-03-10"},
            f"There is no sitting 45-x-2026-03-10. Those of 45/South East with room are {REF}10, {REF}17, {REF}24."),
        row("another pair's", {"sitting": "45-wessex-2026-03-10"},
            "45-wessex-2026-03-10 is a sitting of 45/Wessex, and the case is 45/South East's. Name one of its own."),
    ],
)  # fmt: skip
def test_it_is_refused_in_one_sentence_with_what_to_do(world, given, says):
    ran = move(world, **{"sitting": f"{REF}10", **given})
    assert ran.code == 2
    assert says in ran.err
    assert ran.err.endswith("Nothing was done.\n")
    assert world.where() == {"45/1234": "03-10", "M0": "03-24"}


def test_a_full_sitting_is_refused_and_those_with_room_are_named(world):
    world.case("H1", opened_on="2026-03-02")
    world.round(TODAY)
    ran = move(world, f"{REF}10")
    assert ran.code == 2
    assert ran.err == (
        f"casebeat: {REF}10 is full: 2 of 2 places are taken. Name one that has room. Those of 45/South East with room "
        f"are {REF}17, {REF}24. Nothing was done.\n"
    )


def test_a_sitting_that_was_is_today_or_was_cancelled_is_refused(world):
    world.round("Tue 10 Mar 2026")
    assert (
        f"{REF}10 is today, and no case can be convened to it now." in move(world, f"{REF}10", as_of="2026-03-10").err
    )
    world.panels({**TUESDAYS, "rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"})
    world.round("Wed 11 Mar 2026")
    assert f"{REF}10 was on Tue 10 Mar 2026" in move(world, f"{REF}10", as_of="2026-03-11").err
    assert f"{REF}24 was cancelled on Wed 11 Mar 2026." in move(world, f"{REF}24", as_of="2026-03-11").err


def test_a_case_whose_outcome_is_awaited_is_not_moved(world):
    world.round("Tue 10 Mar 2026")
    ran = move(world, f"{REF}17", case=CASE, as_of="2026-03-10")
    assert "its outcome is awaited. Record it with casebeat record-review" in ran.err


def test_a_case_that_owes_no_review_or_not_for_long_is_not_moved(world):
    world.case("X1", classification="harassment")
    world.case("X2", risk="standard", opened_on="2026-03-04")
    world.round(TODAY)
    assert "It owes no joint review now" in move(world, f"{REF}17", case="45/X1").err
    assert "It is convened nearer the time." in move(world, f"{REF}17", case="45/X2").err


def test_a_case_of_a_pair_without_a_panel_is_not_moved(world):
    world.case("X3", cps_area="London South")
    world.round(TODAY)
    assert "45/London South has no panel" in move(world, f"{REF}17", case="45/X3").err


def test_a_move_that_would_make_a_case_of_high_risk_late_is_refused(world):
    world.panels({**TUESDAYS, "cases": 1})
    world.round("Thu 5 Mar 2026")
    world.case("H1", opened_on="2026-03-05")  # due on Thu 19 Mar, and waits for the next round to get the 17th
    world.cli("obligations", "--as-of", "2026-03-05")
    ran = move(world, f"{REF}17", as_of="2026-03-05")
    assert ran.code == 2
    assert "a case of high or unknown risk, or critically overdue, would be late" in ran.err


def undo(world, case="45/M0", by="SP1", as_of="2026-03-04"):
    return world.cli("convene", case, "--undo", "--by", by, "--as-of", as_of)


def test_a_move_is_taken_back_and_twice_changes_nothing(world):
    move(world, f"{REF}10")
    ran = undo(world)
    assert ran.out == (f"The move of 45/M0 to {REF}10 is taken back: it is at {REF}24 again, on Tue 24 Mar 2026.\n")
    assert world.history("M0")[1:] == [
        ("03-10", ConveningReason.CHOSEN, ConveningEnd.MOVED),
        ("03-24", ConveningReason.DUE, None),
    ]
    again = undo(world)
    assert again.out == f"The move of 45/M0 to {REF}10 is taken back already. Nothing was changed.\n"
    stranger = undo(world, by="NOBODY")
    assert (stranger.code, "already" in stranger.out + stranger.err) == (2, False)
    assert len(world.history("M0")) == 3
    assert world.ask("select chosen_by from convenings where ended_on is null and chosen_by is not null") == []
    assert world.ask("select by, reason from audit where about = 'convening' and by <> 'casebeat' order by id") == [
        ("SP1", "moved"), ("SP1", "chosen"), ("SP1", "moved"), ("SP1", "move undone"),
    ]  # fmt: skip


def test_the_second_of_two_moves_is_taken_back_to_the_first_which_its_person_chose(world):
    move(world, f"{REF}17", by="P1")
    move(world, f"{REF}10", by="SP1")
    assert undo(world, by="P1").code == 0
    assert world.where()["M0"] == "03-17"
    assert world.ask("select chosen_by from convenings where ended_on is null and chosen_by is not null") == ["P1"]
    assert "already" in undo(world).out, "the same request does not reach the move before"


def test_a_case_whose_place_before_is_taken_stays_and_is_free_to_move(world):
    move(world, f"{REF}10", case="45/M0")
    world.case("N1", risk="medium", opened_on="2026-02-25")
    world.case("N2", risk="medium", opened_on="2026-02-25")
    world.round(TODAY)
    full = world.ask("select count(*) from convenings v join sittings s on s.id = v.sitting_id "
                     f"where v.ended_on is null and s.ref = '{REF}24'")  # fmt: skip
    assert full == [2]
    ran = undo(world)
    assert ran.out == (
        f"The move of 45/M0 to {REF}10 is taken back. {REF}24 is full. It stays there, on Tue 10 Mar 2026, and may be "
        "moved as any other case.\n"
    )
    assert world.history("M0")[-1] == ("03-10", ConveningReason.DUE, None)


def test_a_case_that_was_only_held_where_it_sat_is_free_again(world):
    move(world, f"{REF}24")
    assert undo(world).out.startswith(f"The move of 45/M0 to {REF}24 is taken back. It stays there, on Tue 24 Mar")
    assert world.ask("select chosen_by from convenings where ended_on is null and chosen_by is not null") == []


@pytest.mark.parametrize(
    ("given", "says"),
    [
        row("a stranger", {"by": "P9"}, "P9 is not a known contact who is active on Wed 4 Mar 2026."),
        row("a prosecutor of another case", {"by": "C1"}, "There is no case 45/M0 in the book."),
        row("no such case", {"case": "45/K9"}, "There is no case 45/K9 in the book."),
        row("a case that nobody moved", {"case": CASE}, f"Nobody has moved {CASE}, so that there is nothing"),
        row("a day on which it sat", {"as_of": "2026-03-11"}, "It sat at 45-south-east-2026-03-10, and its outcome"),
    ],
)  # fmt: skip
def test_a_move_that_cannot_be_taken_back_is_refused(world, given, says):
    move(world, f"{REF}10")
    ran = undo(world, **given)
    assert ran.code == 2
    assert says in ran.err
    assert ran.err.endswith("Nothing was done.\n")
    assert world.where()["M0"] == "03-10"


def test_undo_is_given_without_a_sitting_and_one_of_them_is_given(world):
    for more in ((), ("--undo", "--sitting", f"{REF}10")):
        ran = world.cli("convene", "45/M0", "--by", "SP1", "--as-of", "2026-03-04", *more)
        assert (ran.code, "Give either --sitting or --undo." in ran.err) == (2, True)

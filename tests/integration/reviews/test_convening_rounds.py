"""Convening in rounds: the sitting of each case, why it stays, and what moves it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from config.days.london import at_london
from config.sittings import ConveningEnd, ConveningReason
from flows.configured import configured
from flows.round_steps import force_round
from tasks.reviews.convening import convene_force
from tasks.reviews.plan_sittings import plan_sittings
from tests.worlds.days import day
from tests.worlds.panels import TUESDAYS, PanelWorld

WROTE = "select (select count(*) from convenings), (select count(*) from sittings), (select count(*) from audit)"


@pytest.fixture
def world(database, run_cli, tmp_path, monkeypatch) -> PanelWorld:
    """The high-risk case of Mon 2 Mar 2026, which is due on Mon 16 Mar; a panel of two places every Tuesday."""
    made = PanelWorld(database, run_cli, tmp_path, monkeypatch)
    made.panels(TUESDAYS)
    return made


def test_a_due_case_sits_at_the_latest_sitting_before_its_due_day(world):
    world.round("Wed 4 Mar 2026")
    assert world.where() == {"45/1234": "03-10"}
    assert world.history("45/1234") == [("03-10", ConveningReason.DUE, None)]
    assert world.told_sittings("2026-03-04") == [{
        "sitting_ref": "45-south-east-2026-03-10", "day": "2026-03-10", "starts_at": "2026-03-10T10:00:00+00:00",
        "force_code": "45", "cps_area": "South East", "case_ref": "45/1234", "due_on": "2026-03-16",
        "deadline_on": "2026-03-16", "late": False,
    }]  # fmt: skip


def test_sittings_are_planned_as_far_as_the_horizon_and_one_more_comes_with_each_week(world):
    world.round("Wed 4 Mar 2026")
    assert [ref[-5:] for ref in world.sittings()] == ["03-10", "03-17", "03-24"]
    world.rounds("Thu 5 Mar 2026", "Tue 10 Mar 2026")
    assert [ref[-5:] for ref in world.sittings()] == ["03-10", "03-17", "03-24", "03-31"]


def test_cases_come_to_be_convened_as_they_fall_due_and_nobody_moves(world):
    world.several(3, "medium")  # due on Mon 30 Mar, nine days after the first horizon's end
    world.round("Wed 4 Mar 2026")
    assert world.where() == {"45/1234": "03-10"}
    world.rounds("Thu 5 Mar 2026", "Mon 9 Mar 2026")
    there = world.where()
    assert there == {"45/1234": "03-10", "M0": "03-24", "M1": "03-24", "M2": "03-17"}
    world.round("Mon 9 Mar 2026")
    assert world.where() == there
    assert {len(world.history(f"M{n}")) for n in range(3)} == {1}


def test_a_case_whose_risk_cannot_be_read_is_convened_as_of_unknown_risk_and_stops_no_other(world):
    world.several(2, "medium")
    world.round("Wed 4 Mar 2026")
    world.say("update cases set risk = 'extreme' where case_ref = 'M0'")
    made = force_round(configured(), "45", day("Mon 9 Mar 2026"), at_london(day("Mon 9 Mar 2026")))
    assert (made.failure, made.account.failed) == (None, 1)
    assert set(world.where()) == {"45/1234", "M0", "M1"}


def test_a_second_run_of_a_day_writes_nothing(world):
    world.several(4, "medium")
    world.round("Mon 9 Mar 2026")
    before = world.ask(WROTE.replace("from audit", "from audit where about in ('convening', 'sitting', 'projection')"))
    world.round("Mon 9 Mar 2026")
    after = world.ask(WROTE.replace("from audit", "from audit where about in ('convening', 'sitting', 'projection')"))
    assert after == before


def test_the_rounds_account_counts_each_case_once_though_some_are_projected_twice(world):
    world.several(3, "medium")
    world.case("C0", classification="other")
    made = force_round(configured(), "45", day("Wed 4 Mar 2026"), at_london(day("Wed 4 Mar 2026")))
    assert (made.account.open_cases, made.account.evaluated, made.account.unchanged) == (5, 5, 0)
    made = force_round(configured(), "45", day("Mon 9 Mar 2026"), at_london(day("Mon 9 Mar 2026")))
    assert world.ask("select count(*) from convenings where convened_on = '2026-03-09'") == [3]
    assert (made.account.open_cases, made.account.evaluated, made.account.unchanged) == (5, 3, 2)
    assert made.account.balances


@pytest.mark.parametrize(
    ("breach", "because"),
    [(False, ConveningReason.NEW_INCIDENT), (True, ConveningReason.BREACH)],
    ids=["an incident", "a breach"],
)
def test_a_new_incident_pulls_a_case_forward_in_the_same_round_and_says_why(world, breach, because):
    world.case("M0", risk="medium")  # due on Mon 30 Mar
    world.round("Mon 9 Mar 2026")
    assert world.where()["M0"] == "03-24"
    world.belongs(
        "incidents", "M0", incident_ref="I1", occurred_on="2026-03-09", reported_on="2026-03-10", breach=breach
    )
    world.round("Tue 10 Mar 2026")  # which is now due on Tue 17 Mar
    assert world.where()["M0"] == "03-17"
    assert world.history("M0") == [("03-24", ConveningReason.DUE, ConveningEnd.MOVED), ("03-17", because, None)]
    assert world.told_sittings("2026-03-10")[-1]["deadline_on"] == "2026-03-17"


def test_a_raised_risk_pulls_a_case_forward(world):
    world.case("M0", risk="medium")
    world.round("Mon 9 Mar 2026")
    world.say("update cases set risk = 'high', projection = 'changed' where case_ref = 'M0'")
    world.round("Mon 9 Mar 2026")  # due on Mon 16 Mar
    assert world.history("M0")[-1] == ("03-10", ConveningReason.RISK, None)


def test_a_case_of_a_higher_class_takes_the_place_of_the_least_and_both_are_told_why(world):
    world.several(6, "medium")
    world.round("Mon 9 Mar 2026")
    assert sorted(world.where().values()) == ["03-10"] * 2 + ["03-17"] * 2 + ["03-24"] * 2
    world.case("H9", opened_on="2026-03-05")  # due on Thu 19 Mar; the sitting of Tue 17 Mar is settled from tomorrow on
    world.round("Mon 9 Mar 2026")
    assert world.history("H9") == [("03-17", ConveningReason.DUE, None)]
    assert world.history("M3") == [("03-17", ConveningReason.DUE, ConveningEnd.MOVED)]
    world.round("Tue 10 Mar 2026")
    assert world.history("M3")[1:] == [("03-31", ConveningReason.GAVE_WAY, None)]
    late = [one["case_ref"] for one in world.told_sittings("2026-03-10") if one["late"]]
    assert late == ["M3", "M5"]


def test_within_five_working_days_of_its_sitting_a_case_gives_way_to_nobody(world):
    world.several(6, "medium")
    world.round("Mon 9 Mar 2026")
    there = world.where()
    world.case("H9", opened_on="2026-03-05", risk="high")  # due on Thu 19 Mar; the sitting of Tue 17 Mar is settled
    world.round("Tue 10 Mar 2026")
    assert world.where() == {**there, "H9": "03-31", "M5": "03-31"}


def test_a_review_that_was_held_elsewhere_gives_the_place_back(world):
    world.round("Wed 4 Mar 2026")
    world.belongs(
        "reviews", review_ref="R1", kind="joint", held_on="2026-03-04", police_attended=True, cps_attended=True
    )
    world.panels({**TUESDAYS, "horizon": "7d"})
    world.round("Thu 5 Mar 2026")  # the next is due on Wed 18 Mar, beyond the horizon
    assert world.history("45/1234") == [("03-10", ConveningReason.DUE, ConveningEnd.NOT_OWED)]
    world.rounds("Fri 6 Mar 2026", "Wed 11 Mar 2026")
    assert world.history("45/1234")[1:] == [("03-17", ConveningReason.DUE, None)]


def test_a_sitting_nobody_says_the_outcome_of_is_followed_by_another(world):
    world.rounds("Wed 4 Mar 2026", "Wed 11 Mar 2026")  # it sat on Tue 10 Mar; its outcome is due on Wed 11 Mar
    assert world.history("45/1234") == [("03-10", ConveningReason.DUE, None)]
    world.round("Thu 12 Mar 2026")
    assert world.history("45/1234") == [
        ("03-10", ConveningReason.DUE, ConveningEnd.UNRECORDED), ("03-17", ConveningReason.UNRECORDED, None),
    ]  # fmt: skip


def test_what_is_convened_is_owed_an_outcome_in_the_same_round(world):
    world.round("Wed 4 Mar 2026")
    assert world.ask(
        "select subject, due_on from obligations where rule = 'outcome-unrecorded' and ended_on is null"
    ) == [("sitting:45-south-east-2026-03-10", day("Wed 11 Mar 2026"))]


def test_a_pair_that_cannot_fit_its_cases_lists_the_late_with_their_places_and_without(world):
    world.panels({**TUESDAYS, "cases": 1, "horizon": "14d"})
    world.several(3, "high")
    world.round("Wed 4 Mar 2026")
    told = world.told_sittings("2026-03-04")
    assert [(one["case_ref"], (one["day"] or "")[-5:], one["late"]) for one in told] == [
        ("45/1234", "03-10", False), ("H0", "03-17", True), ("H1", "", True), ("H2", "", True),
    ]  # fmt: skip
    assert {one["deadline_on"] for one in told} == {"2026-03-16"}


def test_a_force_without_a_panel_convenes_nobody_and_lists_who_is_due(world):
    world.panels()
    world.round("Wed 4 Mar 2026")
    assert world.where() == {}
    (told,) = world.told_sittings("2026-03-04")
    assert told == {
        "sitting_ref": None, "day": None, "starts_at": None, "force_code": "45", "cps_area": "South East",
        "case_ref": "45/1234", "due_on": "2026-03-16", "deadline_on": "2026-03-16", "late": True,
    }  # fmt: skip


def test_a_chair_whom_nobody_knows_stops_no_sitting(world):
    world.panels({**TUESDAYS, "chair": "NOBODY"})
    world.round("Wed 4 Mar 2026")
    assert world.where() == {"45/1234": "03-10"}
    assert world.ask("select owed_by from obligations where rule = 'outcome-unrecorded'") == ["both"]


def test_two_rounds_at_once_convene_no_case_twice(world):
    world.several(5, "medium")
    on = day("Mon 9 Mar 2026")
    world.panels()
    world.round(on)
    world.panels(TUESDAYS)

    def convene(_: int) -> None:
        plan_sittings(configured(), "45", on)
        convene_force(configured(), "45", on)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(convene, range(8)))
    assert len(world.where()) == 6
    assert world.ask(
        "select count(*), count(distinct case_id), count(distinct (sitting_id, slot)) from convenings"
    ) == [(6, 6, 6)]
    assert world.ask("select count(*) from audit where about = 'convening'") == [6]


def test_a_case_that_sits_has_the_lowest_free_minutes_and_keeps_them(world):
    world.panels({**TUESDAYS, "cases": 3})
    world.several(2, "high")
    world.round("Wed 4 Mar 2026")
    slots = """select k.case_ref, v.slot from convenings v join case_keys k on k.id = v.case_id
               where v.ended_on is null order by 2"""
    assert world.ask(slots) == [("45/1234", 0), ("H0", 1), ("H1", 2)]
    world.say("update cases set finalised_on = '2026-03-05', projection = 'changed' where case_ref = 'H0'")
    world.round("Thu 5 Mar 2026")
    assert world.ask(slots) == [("45/1234", 0), ("H1", 2)]
    world.case("H7", opened_on="2026-03-05")
    world.panels({**TUESDAYS, "cases": 3, "rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "from": "2026-03-10"})
    world.round("Fri 6 Mar 2026")
    assert world.ask(slots) == [("45/1234", 0), ("H7", 1), ("H1", 2)]


def test_the_people_view_names_each_sitting_with_its_free_places(world):
    world.round("Wed 4 Mar 2026")
    ran = world.cli("sittings", "--as-of", "2026-03-04")
    panel, terms = "force 45 and South East", "chair SP1; Room 2"
    assert ran.out.splitlines() == [
        f"Tue 10 Mar 2026 10:00  45-south-east-2026-03-10: {panel}, 1 of 2 places taken, 1 free; {terms}",
        "  45/45/1234  high risk, due Mon 16 Mar 2026",
        f"Tue 17 Mar 2026 10:00  45-south-east-2026-03-17: {panel}, 0 of 2 places taken, 2 free; {terms}",
        f"Tue 24 Mar 2026 10:00  45-south-east-2026-03-24: {panel}, 0 of 2 places taken, 2 free; {terms}",
        "1 case is convened or due, 0 of them late; 3 sittings to come.",
    ]


def test_a_cancelled_sitting_is_not_among_those_to_come(world):
    world.round("Wed 4 Mar 2026")
    world.say("update sittings set cancelled_on = '2026-03-04' where day = '2026-03-24'")
    ran = world.cli("sittings", "--as-of", "2026-03-04")
    assert "45-south-east-2026-03-24" not in ran.out
    assert ran.out.splitlines()[-1].endswith("; 2 sittings to come.")


def test_the_list_says_what_the_next_round_will_convene(world):
    world.round("Wed 4 Mar 2026")
    world.case("H9", opened_on="2026-03-02")
    ran = world.cli("sittings", "--as-of", "2026-03-04")
    assert "Without a sitting" in ran.out
    assert (
        ran.err
        == "1 due case waits to be convened although there is room: the next round does it, or casebeat run now.\n"
    )


def test_a_case_whose_day_moved_where_no_place_is_left_keeps_its_own_and_is_late(world):
    world.panels({**TUESDAYS, "cases": 1})
    world.case("H0", opened_on="2026-03-05")  # due on Thu 19 Mar
    world.case("M0", risk="medium")  # due on Mon 30 Mar
    world.round("Mon 9 Mar 2026")
    assert world.where() == {"45/1234": "03-10", "H0": "03-17", "M0": "03-24"}
    world.belongs("incidents", "M0", incident_ref="I1", occurred_on="2026-03-09", reported_on="2026-03-09", breach=True)
    for on in ("Mon 9 Mar 2026", "Tue 10 Mar 2026", "Wed 11 Mar 2026"):  # which is now due on Mon 16 Mar
        world.round(on)
        assert world.history("M0") == [("03-24", ConveningReason.DUE, None)]
        (told,) = [one for one in world.told_sittings(day(on).isoformat()) if one["case_ref"] == "M0"]
        assert (told["due_on"], told["deadline_on"], told["late"]) == ("2026-03-16", "2026-03-16", True)

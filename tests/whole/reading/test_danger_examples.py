"""The reading of days of danger, and of orders that are served, on facts made for each."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.whole.reading.duties.dangers import danger_days
from tests.whole.reading.gathering import assemble
from tests.whole.reading.sheets import Row
from tests.whole.reading.world import MONDAY, World

KEY, VICTIM, OTHER_VICTIM = "ab" * 8, "01" * 8, "02" * 8
TUESDAY, WEDNESDAY = date(2026, 3, 3), date(2026, 3, 4)


def report(day: date, **columns: Any) -> Row:
    return {"occurred_on": day, "reported_on": day, "breach": False, "breach_decided_on": None, **columns}


def days(world: World, ref: str = "1") -> list[date]:
    return next(danger_days(facts) for facts in assemble(world.store) if facts.case["case_ref"] == ref)


def reports(world: World, *on: date, **columns: Any) -> None:
    for number, day in enumerate(on):
        world.row("incidents", f"I{number}", **report(day, **columns))


def test_a_breach_is_told_on_the_next_morning_and_owed_by_the_next_working_day() -> None:
    world = World()
    friday, saturday = date(2026, 3, 6), date(2026, 3, 7)
    world.row("incidents", "A", saturday, **report(friday, breach=True))
    (life,) = world.live("danger", saturday)
    assert (life.owed.remind, life.owed.due, life.owed.escalate) == (friday, date(2026, 3, 9), date(2026, 3, 11))
    told = [(row["step"], row["manner"], row["duty"]) for row in world.reading.rows if row["rule"] == "danger"]
    assert set(told) == {("raised", "at_once", "escalate")}  # on a Saturday
    world.reading.run(date(2026, 3, 10))
    assert life.taken == {"raised": saturday, "unratified": date(2026, 3, 10)}
    world.reading.run(date(2026, 3, 11))
    assert life.position == 2


def test_the_second_report_within_fourteen_days_is_danger_and_on_the_fifteenth_it_is_not() -> None:
    world = World()
    reports(world, date(2026, 2, 5), date(2026, 2, 19))
    assert days(world) == [date(2026, 2, 19)]
    world = World()
    reports(world, date(2026, 2, 5), date(2026, 2, 20))
    assert days(world) == []
    world = World()
    reports(world, date(2026, 2, 5), date(2026, 2, 5), date(2026, 2, 20), date(2026, 2, 27))
    assert days(world) == [date(2026, 2, 5), date(2026, 2, 27)]


def test_the_third_report_at_standard_risk_is_danger_however_late_it_comes() -> None:
    months = date(2026, 2, 3), date(2026, 3, 3), date(2026, 4, 3), date(2026, 5, 3)
    world = World(risk="standard")
    reports(world, *months)
    assert days(world) == [date(2026, 4, 3), date(2026, 5, 3)]
    world.send(MONDAY, risk="medium")
    assert days(world) == []


def test_reports_of_linked_cases_count_together() -> None:
    world = World(urn="45AB0000001")
    world.other("2", urn="45AB0000001M")
    world.row("incidents", "A", **report(date(2026, 2, 10)))
    world.row("incidents", "B", case_ref="2", **report(date(2026, 2, 17)))
    assert days(world) == days(world, "2") == [date(2026, 2, 17)]


@pytest.mark.parametrize(
    ("assessed", "found"),
    [(None, [WEDNESDAY]), (date(2026, 3, 1), [WEDNESDAY]), (MONDAY, [])],
)
def test_a_grade_that_is_lowered_is_danger_unless_somebody_assessed_since_the_extract_before(
    assessed: date | None, found: list[date]
) -> None:
    world = World(risk="high")
    world.send(WEDNESDAY, risk="medium", risk_assessed_on=assessed)
    assert days(world) == found


@pytest.mark.parametrize(("was", "now"), [("medium", "high"), ("high", None), (None, "high")])
def test_a_grade_that_is_raised_or_no_longer_known_is_not_lowered(was: str | None, now: str | None) -> None:
    world = World(risk=was)
    world.send(WEDNESDAY, risk=now)
    assert days(world) == []


def test_another_victim_of_the_same_suspect_is_danger_from_the_later_of_both_days() -> None:
    world = World(suspect_key=KEY, victim_key=VICTIM)
    world.other("2", victim_key=OTHER_VICTIM, opened_on=date(2026, 2, 20), suspect_key=KEY.upper())
    world.other("3", opened_on=date(2025, 2, 20), victim_key=None, finalised_on=MONDAY, finalised_reason="nfa_cps")
    world.other("4", opened_on=date(2026, 2, 24))  # the same victim
    world.other("5", opened_on=date(2026, 2, 25), victim_key=OTHER_VICTIM, suspect_key="cd" * 8)
    world.other("6", opened_on=date(2026, 2, 26), victim_key=None, classification="other")
    assert days(world) == [date(2026, 2, 2), date(2026, 2, 20)]
    assert days(world, "2") == [date(2026, 2, 20), date(2026, 2, 24)]


def test_the_victim_of_a_linked_case_has_to_be_known_to_be_another() -> None:
    world = World(suspect_key=KEY, victim_key=VICTIM, urn="45AB0000001")
    world.other("2", victim_key=None)
    assert days(world) == []
    world.other("3", victim_key=OTHER_VICTIM)
    assert days(world) == [date(2026, 2, 2)]


def test_keys_of_a_second_suspect_count_and_those_of_another_secret_do_not() -> None:
    world = World()
    world.row("suspects", "A", suspect_status="rui", suspect_key=None)
    world.row("suspects", "B", suspect_status="rui", suspect_key=KEY)
    world.other("2", suspect_key=KEY, victim_key=OTHER_VICTIM)
    assert days(world) == [date(2026, 2, 2)]
    world.store.files["cases"]["45", "2"].row["sent by"] = "athena-43"
    assert days(world) == []
    world.store.secrets = [["niche-45", "athena-43"]]
    assert days(world) == [date(2026, 2, 2)]


def test_danger_shortly_before_a_case_is_watched_counts_as_that_day() -> None:
    world = World(opened_on=date(2026, 2, 16))
    reports(world, date(2026, 2, 1), date(2026, 2, 2), breach=True)
    assert days(world) == [date(2026, 2, 16)]
    world = World(opened_on=date(2026, 2, 17))
    reports(world, date(2026, 2, 1), date(2026, 2, 2), breach=True)
    assert days(world) == []


def test_what_was_confirmed_is_quiet_until_the_next_day_of_danger() -> None:
    world = World()
    reports(world, date(2026, 2, 26), breach=True)
    assert world.due("danger") == [date(2026, 2, 27)]
    world.send(MONDAY, risk_ratified_on=date(2026, 2, 26))
    assert not world.due("danger")
    assert world.end("danger") == {"met"}
    world.row("incidents", "B", TUESDAY, **report(MONDAY))
    (life,) = world.live("danger", TUESDAY)
    assert (life.version, life.owed.due, life.owed.done) == (2, TUESDAY, date(2026, 2, 26))


def test_each_later_day_of_danger_says_the_present_step_again_with_the_same_days() -> None:
    world = World()
    reports(world, date(2026, 2, 26), breach=True)
    (life,) = world.live("danger")
    assert life.taken == {"unratified": MONDAY}
    world.row("incidents", "B", TUESDAY, **report(MONDAY))
    (life,) = world.live("danger", TUESDAY)
    assert (life.version, life.owed.due) == (2, date(2026, 2, 27))
    assert life.taken == {"critical": TUESDAY}
    world.row("incidents", "C", WEDNESDAY, **report(date(2026, 2, 27)))  # reported earlier, sent later
    assert world.live("danger", WEDNESDAY)[0].version == 2
    assert not world.reading.resolved


def test_danger_before_the_day_from_which_the_rule_counts_is_not_owed() -> None:
    world = World()
    reports(world, date(2026, 2, 26), MONDAY, breach=True)
    world.store.since = {"danger": date(2026, 2, 27)}
    assert world.due("danger") == [TUESDAY]


@pytest.mark.parametrize(("kind", "owed"), [("spo", 1), ("interim_spo", 1), ("dapo", 1), ("dvpn", 1), ("dvpo", 1),
                                             ("restraining_order", 0), ("occupation_order", 0)])  # fmt: skip
def test_an_order_that_police_obtain_is_served_within_two_working_days(kind: str, owed: int) -> None:
    world = World()
    world.row("orders", "O", kind=kind, made_on=date(2026, 2, 26))
    assert world.due("order-served") == [MONDAY] * owed
    world.row("orders", "O", kind=kind, made_on=date(2026, 2, 26), served_on=MONDAY)
    assert not world.due("order-served")


def test_a_notice_is_replaced_by_its_order_and_no_longer_served() -> None:
    world = World()
    world.row("orders", "N", kind="dvpn", made_on=date(2026, 2, 26), expires_on=date(2026, 2, 28))
    world.row("orders", "O", kind="dvpo", made_on=date(2026, 2, 27), expires_on=date(2026, 3, 27))
    assert [life.owed.subject for life in world.live("order-served")] == ["order:O"]
    assert world.due("order-expiry") == [date(2026, 3, 27)]
    world.row("orders", "O", kind="dvpo", made_on=date(2026, 2, 27), renewal_decided_on=MONDAY)
    assert not world.due("order-served")
    assert not World("orders.served_on").due("order-served")


def test_the_subject_of_a_domestic_abuse_order_gives_name_and_address_beside_one_of_stalking() -> None:
    world = World()
    served = {"made_on": date(2026, 2, 26), "served_on": date(2026, 2, 27)}
    for kind in ("interim_spo", "spo", "dapo"):
        world.row("orders", kind, kind=kind, **served)
    due = {life.owed.subject: life.owed.due for life in world.live("spo-notification")}
    assert due == {"order:interim_spo": date(2026, 3, 1), "order:dapo": date(2026, 3, 1)}


def test_the_breach_of_a_domestic_abuse_order_is_harassment_and_no_charge_that_ends_the_six_months() -> None:
    world = World(classification=None, offence_codes=["PH97006", "da21001A"], last_act_on=date(2026, 2, 1))
    world.row("cps_cases", "C", charged_on=MONDAY, charged_codes=["DA21004"])
    assert world.due("summary-time-limit") == [date(2026, 8, 1)]
    other = World(classification=None, offence_codes=["DA21005"], relationship="ex_partner")
    assert other.due("why-not-stalking") == [date(2026, 2, 4)]

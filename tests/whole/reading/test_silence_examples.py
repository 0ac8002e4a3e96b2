"""The reading where a duty once fell silent with a victim at risk: no clock is silent, and blind is not done."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.whole.reading.sheets import COLUMNS, Row
from tests.whole.reading.world import MONDAY, World

JUNE = date(2026, 6, 1)
SUMMARY = {"offence_codes": ["PH97006A"]}


def act(day: date, **columns: Any) -> Row:
    return {"occurred_on": day, "reported_on": day, "breach": False, "breach_decided_on": None, **columns}


def charge(day: date | None = MONDAY, **columns: Any) -> Row:
    return {"charged_on": day, "charged_codes": ["PH97006"], **columns}


def test_a_note_settles_what_it_can_be_about_and_never_a_later_limit() -> None:
    world = World(**SUMMARY, last_act_on=date(2025, 8, 20), time_limit_noted_on=date(2026, 1, 20))
    assert not world.due("summary-time-limit")  # 20 February is within eight weeks of the note
    world.row("incidents", "A", JUNE, **act(JUNE))
    assert world.due("summary-time-limit", JUNE) == [date(2026, 12, 1)]


@pytest.mark.parametrize(("noted", "owed"), [(date(2026, 1, 20), True), (date(2026, 1, 21), False)])
def test_a_note_settles_a_limit_at_most_eight_weeks_after_it(noted: date, owed: bool) -> None:
    world = World(**SUMMARY, last_act_on=date(2025, 9, 18), time_limit_noted_on=noted)
    assert bool(world.due("summary-time-limit")) == owed  # 18 March


@pytest.mark.parametrize(
    ("codes", "owed"),
    [(["TH68001"], True), (["PH97005"], True), (["SE20002", "st19003"], True), (["TH68001", "ph97004b"], False)],
)
def test_only_a_charge_of_stalking_or_harassment_ends_the_six_months(codes: list[str], owed: bool) -> None:
    world = World(**SUMMARY, last_act_on=date(2026, 2, 1))
    assert world.due("summary-time-limit") == [date(2026, 8, 1)]
    world.row("cps_cases", "C", **charge(charged_codes=codes))
    assert bool(world.due("summary-time-limit")) == owed
    assert owed or world.end("summary-time-limit") == {"met"}


def test_a_missing_code_of_a_charge_is_asked_for_and_an_unseen_one_is_said_to_be_unseen() -> None:
    world = World(**SUMMARY, last_act_on=date(2026, 2, 1))
    world.row("cps_cases", "C", **charge(charged_codes=[]))
    assert world.due("charge-code-unknown") == [date(2026, 3, 3)]
    assert world.due("summary-time-limit") == [date(2026, 8, 1)]
    world.row("cps_cases", "C", **charge())
    assert not world.live("charge-code-unknown")
    assert world.end("charge-code-unknown") == {"met"}
    blind = World("cps_cases.charged_codes", **SUMMARY, last_act_on=date(2026, 2, 1))
    assert blind.due("summary-time-limit") == [date(2026, 8, 1)]
    blind.row("cps_cases", "C", **charge())
    assert not blind.due("summary-time-limit")
    assert blind.end("summary-time-limit") == {"unseen"}
    assert not blind.due("charge-code-unknown")


def test_a_later_incident_does_not_move_the_limit_of_a_recorded_last_act() -> None:
    world = World(**SUMMARY, last_act_on=date(2025, 12, 1))
    world.row("incidents", "A", **act(date(2026, 2, 20)))
    assert world.due("summary-time-limit") == [JUNE]


def test_clocks_go_by_the_offence_code_whatever_the_classification() -> None:
    for kind in ("other", "harassment", "stalking"):
        world = World(**SUMMARY, classification=kind, last_act_on=date(2025, 12, 1))
        assert world.due("summary-time-limit") == [JUNE]
    other = {"classification": "other", "offence_codes": ["TH68001"], "suspect_status": "bail"}
    assert not World(**other, bail_ends_on=JUNE).due("bail-end")


def test_bail_that_ended_by_charge_is_met_and_bail_and_custody_without_an_end_are_asked_for() -> None:
    bail = {"suspect_status": "bail", "status_changed_on": date(2026, 2, 26)}
    world = World(**bail, bail_ends_on=JUNE)
    assert world.due("bail-end") == [JUNE]
    world.row("cps_cases", "C", **charge())
    assert not world.live("bail-end")
    assert world.end("bail-end") == {"met"}
    assert World(**bail).due("bail-end-unknown") == [MONDAY]
    custody = World(suspect_status="custody", status_changed_on=date(2026, 2, 26))
    assert not custody.due("custody-limit-unknown")
    custody.row("cps_cases", "C", **charge(date(2026, 2, 27)))
    assert custody.due("custody-limit-unknown") == [MONDAY]
    custody.row("cps_cases", "C", **charge(date(2026, 2, 27)), ctl_expires_on=JUNE)
    assert custody.due("custody-limit") == [JUNE]
    assert custody.end("custody-limit-unknown") == {"met"}


def test_a_status_day_is_sent_or_seen_or_that_of_the_first_extract() -> None:
    world = World(suspect_status="bail", bail_views_on=date(2026, 2, 3))
    assert world.due("bail-end-unknown") == [date(2026, 3, 4)]
    assert not world.due("bail-views")  # so since before the first extract: any recorded day counts
    world.send(date(2026, 3, 9), suspect_status="rui")
    assert world.due("release-review", date(2026, 3, 9)) == [date(2026, 3, 4)]  # it changed after 2 March
    world.send(date(2026, 3, 12), suspect_status="bail")
    assert world.due("bail-views", date(2026, 3, 12)) == [date(2026, 3, 10)]
    world.send(date(2026, 3, 13), status_changed_on=date(2026, 3, 11))
    assert world.due("bail-views", date(2026, 3, 13)) == [date(2026, 3, 12)]
    world.send(date(2026, 3, 13), bail_views_on=date(2026, 3, 11))
    assert not world.due("bail-views", date(2026, 3, 13))
    assert world.end("release-review") == {"out_of_scope"}


def test_a_day_that_was_there_under_the_status_before_is_not_of_this_one() -> None:
    stale = date(2026, 2, 26)
    world = World(suspect_status="rui", status_changed_on=stale)
    world.send(date(2026, 3, 9), suspect_status="bail")
    assert world.due("bail-views", date(2026, 3, 9)) == [date(2026, 3, 3)]  # of the extract before: Mon 2 March
    assert world.due("victim-told", date(2026, 3, 9)) == [date(2026, 3, 10)]


def test_a_day_that_came_with_a_status_and_is_emptied_is_still_of_it() -> None:
    world = World(suspect_status="bail", status_changed_on=date(2026, 2, 26), bail_views_on=date(2026, 2, 25))
    assert world.due("bail-views") == [date(2026, 2, 27)]
    world.send(date(2026, 3, 9), status_changed_on=None)
    assert world.due("bail-views", date(2026, 3, 9)) == [date(2026, 2, 27)]


def an_order(kind: str, made: date | None = MONDAY, **columns: Any) -> Row:
    return {"kind": kind, "made_on": made, **columns}


def test_the_orders_of_a_finalised_case_are_watched() -> None:
    closed = {"finalised_on": MONDAY, "finalised_reason": "charged_and_disposed"}
    world = World(**closed)
    world.row("orders", "R", **an_order("restraining_order", expires_on=JUNE))
    world.row("orders", "S", **an_order("spo", served_on=MONDAY))
    (life,) = world.live("order-expiry")
    assert (life.owed.subject, life.owed.owed_by, life.owed.due) == ("order:R", "both", JUNE)
    assert life.owed.remind == date(2026, 3, 1)
    assert world.due("order-told") == [date(2026, 3, 3), date(2026, 3, 3)]
    assert world.due("spo-notification") == [date(2026, 3, 4)]
    world.row("orders", "I", **an_order("interim_spo", date(2026, 2, 20), served_on=date(2026, 2, 20)))
    assert [life.owed.subject for life in world.live("spo-notification")] == ["order:I"]
    assert world.end("spo-notification") == {"out_of_scope"}
    world.send(MONDAY, finalised_reason="transferred")
    assert world.live("order-expiry")  # until the other force has the case


def test_an_order_replaced_in_its_family_is_told_no_more() -> None:
    world = World()
    world.row("orders", "I", **an_order("interim_spo", date(2026, 2, 20)))
    assert world.due("order-told") == [date(2026, 2, 23)]
    world.row("orders", "S", **an_order("spo", victim_told_on=MONDAY))
    assert not world.live("order-told")
    assert world.end("order-told") == {"out_of_scope"}


def test_a_restraining_order_of_an_earlier_case_is_not_of_this_charge() -> None:
    world = World()
    world.row("cps_cases", "C", **charge(), next_hearing_on=date(2026, 4, 17))
    views = {"victim_views_on": date(2026, 1, 9), "decided_on": date(2026, 3, 1)}
    world.row("orders", "R", **an_order("restraining_order", None, **views))
    assert world.due("restraining-order") == [date(2026, 4, 1)]
    world.row("orders", "R", **an_order("restraining_order", None, **views | {"decided_on": MONDAY}))
    assert not world.due("restraining-order")


def test_nothing_is_said_of_a_checklist_that_cannot_be_seen() -> None:
    world = World("referrals.checklist_missing")
    world.row("referrals", "F", submitted_on=MONDAY, checklist_missing=["C03"])
    assert not world.due("referral-checklist")
    assert not [end for (identity, _), end in world.reading.ended.items() if identity[2] == "referral-checklist"]


def test_a_breach_is_answered_by_what_can_be_seen_of_the_assessment_and_the_decision() -> None:
    world = World()
    breach = act(MONDAY, breach=True)
    world.row("incidents", "A", **breach)
    world.send(MONDAY, risk_assessed_on=MONDAY)
    assert world.due("breach-unanswered") == [date(2026, 3, 4)]
    world.row("incidents", "A", **breach | {"breach_decided_on": MONDAY})
    assert not world.due("breach-unanswered")
    half = World("cases.risk_assessed_on")
    half.row("incidents", "A", **breach)
    assert half.due("breach-unanswered") == [date(2026, 3, 4)]
    half.row("incidents", "A", **breach | {"breach_decided_on": MONDAY})
    assert not half.due("breach-unanswered")
    assert half.end("breach-unanswered") == {"met", "unseen"}  # the assessment was never seen


def test_a_protection_order_is_considered_again_at_the_next_incident() -> None:
    world = World(spo_considered_on=date(2026, 2, 20))
    world.row("incidents", "A", **act(date(2026, 2, 20)))
    assert not world.due("spo-considered")
    world.row("incidents", "B", **act(MONDAY))
    assert world.due("spo-considered") == [date(2026, 3, 9)]
    world.row("orders", "S", **an_order("spo", date(2026, 2, 20), expires_on=MONDAY))
    assert not world.due("spo-considered")
    world.row("orders", "S", **an_order("spo", date(2026, 2, 20), expires_on=date(2026, 3, 1)))
    assert world.due("spo-considered") == [date(2026, 3, 9)]


@pytest.mark.parametrize(("reason", "by"), [("nfa_police", "police"), ("nfa_cps", "both")])
def test_no_further_action_on_stalking_is_reviewed_and_the_victim_told(reason: str, by: str) -> None:
    world = World(finalised_on=MONDAY, finalised_reason=reason)
    (life,) = world.live("nfa-review")
    assert (life.owed.due, life.owed.owed_by) == (date(2026, 3, 3), by)
    world.send(MONDAY, nfa_reviewed_on=date(2026, 2, 2), nfa_victim_told_on=date(2026, 2, 1))
    assert world.live("nfa-review")
    world.send(MONDAY, nfa_victim_told_on=date(2026, 2, 2))
    assert not world.live("nfa-review")
    assert world.end("nfa-review") == {"met"}


def test_prosecutors_too_say_why_a_charge_is_not_stalking_and_a_referral_asks_for_it() -> None:
    world = World()
    world.row("cps_cases", "C", **charge(charged_codes=["PH97004"]))
    assert world.due("charge-not-stalking") == [date(2026, 3, 3)]
    world.row("cps_cases", "C", **charge(charged_codes=["PH97004"]), not_stalking_reason_on=MONDAY)
    assert not world.due("charge-not-stalking")
    assert world.end("charge-not-stalking") == {"met"}
    other = World(classification="harassment")
    other.row("cps_cases", "C", **charge(charged_codes=["PH97004"]))
    assert not other.due("charge-not-stalking")
    other.row("referrals", "F", submitted_on=date(2026, 2, 12))
    assert other.due("why-not-stalking") == [date(2026, 2, 16)]
    assert other.due("charge-not-stalking") == [date(2026, 3, 3)]


@pytest.mark.parametrize(
    ("kind", "due"), [("cctv", date(2026, 3, 7)), ("Visit", date(2026, 3, 16)), ("CELL_SITE", date(2026, 3, 30))]
)
def test_what_is_overwritten_within_days_is_asked_for_in_five(kind: str, due: date) -> None:
    world = World()
    action = {"source": "investigation", "owner_agency": "police", "status": "pending", "raised_on": MONDAY}
    world.row("actions", "A", action_ref="A", kind=kind, **action)
    assert world.due("action") == [due]


@pytest.mark.parametrize(
    ("risk", "due"),
    [
        (None, date(2026, 3, 9)),
        ("high", date(2026, 3, 9)),
        ("medium", date(2026, 3, 16)),
        ("standard", date(2026, 4, 2)),
    ],
)
def test_a_charge_that_is_authorised_is_made_by_risk(risk: str | None, due: date) -> None:
    world = World(risk=risk)
    world.row("cps_cases", "C", charge_authorised_on=MONDAY)
    assert world.due("awaiting-charge") == [due]


def test_any_plea_to_another_code_than_the_charge_counts() -> None:
    world = World()
    plea = {"offered_on": MONDAY, "charged_code": "PH97011"}
    world.row("pleas", "P", **plea, plea_code="PH97006")
    world.row("pleas", "Q", **plea, plea_code="ph97011B")
    assert [life.owed.subject for life in world.live("plea")] == ["plea:P"]


def test_the_victim_is_told_of_release_charge_decision_and_order_one_after_the_other() -> None:
    world = World(suspect_status="rui", status_changed_on=date(2026, 2, 24))
    assert world.due("victim-told") == [date(2026, 2, 25)]
    world.row("cps_cases", "C", **charge(date(2026, 2, 25)))
    world.row("orders", "R", **an_order("restraining_order", date(2026, 2, 27)))
    world.send(MONDAY, victim_told_on=date(2026, 2, 25))
    assert world.due("victim-told") == [MONDAY]
    world.send(MONDAY, victim_told_on=date(2026, 2, 27))
    assert not world.due("victim-told")


def test_only_a_high_risk_release_without_bail_is_reviewed() -> None:
    released = {"suspect_status": "voluntary", "status_changed_on": date(2026, 2, 26)}
    for risk in ("high", None):
        assert World(**released, risk=risk).due("release-review") == [MONDAY]
    assert not World(**released, risk="medium").due("release-review")
    assert not World(**released, release_reviewed_on=date(2026, 2, 26)).due("release-review")
    assert World(**released, release_reviewed_on=date(2026, 2, 25)).due("release-review")


def test_a_column_that_vanishes_ends_what_it_would_tell_as_unseen_and_never_as_met() -> None:
    world = World(suspect_status="bail", status_changed_on=MONDAY, bail_ends_on=JUNE)
    world.row("orders", "R", **an_order("restraining_order", expires_on=JUNE))
    assert world.live("victim-told")
    assert world.live("order-told")
    world.lack("cases.victim_told_on cases.bail_ends_on orders.victim_told_on orders.expires_on")
    world.snapshot(date(2026, 3, 3))
    assert not world.live("victim-told", date(2026, 3, 3))
    assert world.end("victim-told") == {"unseen"}
    assert not world.live("order-told", date(2026, 3, 3))
    assert world.end("order-told") == {"unseen"}
    assert world.due("bail-end", date(2026, 3, 3)) == [JUNE]
    assert world.due("order-expiry", date(2026, 3, 3)) == [JUNE]
    assert world.due("column-missing", date(2026, 3, 3)) == [date(2026, 3, 31)]
    world.lack("")
    world.snapshot(date(2026, 3, 4))
    assert world.live("victim-told", date(2026, 3, 4))
    assert not world.live("column-missing", date(2026, 3, 4))
    assert world.end("column-missing") == {"met"}


def test_a_cell_that_a_delta_has_no_column_for_keeps_its_value_and_an_empty_one_is_an_answer() -> None:
    world = World(risk_assessed_on=date(2026, 2, 20))
    world.lack("cases.risk_assessed_on")
    world.send(date(2026, 3, 3), risk="medium")
    assert world.due("risk-assessment", date(2026, 3, 3)) == [date(2026, 3, 20)]
    world.lack("")
    world.send(date(2026, 3, 4), risk_assessed_on=None)
    assert world.due("risk-assessment", date(2026, 3, 4)) == [date(2026, 2, 4)]
    world.row("referrals", "F", submitted_on=MONDAY, checklist_missing=["C04"])
    assert world.live("referral-checklist", date(2026, 3, 4))
    world.row("referrals", "F", date(2026, 3, 5), submitted_on=MONDAY, checklist_missing=[])
    world.lack("referrals.decision_on")
    world.snapshot(date(2026, 3, 5))
    assert not world.live("referral-checklist", date(2026, 3, 5))
    assert world.end("referral-checklist") == {"met"}


def test_a_referral_is_decided_whatever_is_sent_of_its_checklist() -> None:
    world = World()
    world.row("referrals", "F", submitted_on=MONDAY, checklist_missing=["C04"])
    assert world.live("referral-checklist")
    world.row("referrals", "F", date(2026, 3, 5), submitted_on=MONDAY, decision_on=date(2026, 3, 5))
    world.lack("referrals.checklist_missing")
    world.snapshot(date(2026, 3, 5))
    assert not world.live("referral-checklist", date(2026, 3, 5))
    assert world.end("referral-checklist") == {"met"}


def test_rows_of_a_case_that_disappeared_stay() -> None:
    world = World()
    world.row("orders", "R", **an_order("restraining_order", expires_on=JUNE))
    world.row("incidents", "A", **act(MONDAY, breach=True))
    world.store.load(world.police, "snapshot", date(2026, 3, 3), world.whole(world.police))
    assert world.due("order-expiry", date(2026, 3, 3)) == [JUNE]
    assert world.live("breach-unanswered", date(2026, 3, 3))
    world.row("incidents", "A", date(2026, 3, 3), withdrawn=True, **act(MONDAY, breach=True))
    assert not world.live("breach-unanswered", date(2026, 3, 3))


def test_what_needs_no_row_is_seen_by_any_source_of_the_owing_agency() -> None:
    closed = {"finalised_on": MONDAY, "finalised_reason": "administrative"}
    assert World(**closed).due("closed-silently") == [date(2026, 3, 3)]
    assert not World("reviews.cps_attended", **closed).due("closed-silently")
    unknown = World("cases.last_act_on", **SUMMARY)
    assert unknown.due("time-limit-unknown") == [date(2026, 2, 4)]  # an incident would tell


def test_a_file_that_is_left_out_is_stale_on_that_day_and_blind_once_it_stays_out() -> None:
    world = World()
    world.row("orders", "R", **an_order("restraining_order", expires_on=JUNE))
    rest = [name for name in COLUMNS if name != "orders"]
    first, second, third, fourth = (date(2026, 3, day) for day in (3, 4, 5, 6))
    for day in (first, second):
        world.snapshot(day, *rest)
        stale = [life.owed for life in world.live("feed-stale", day) if "/" in life.owed.subject]
        assert [(owed.subject, owed.due) for owed in stale] == [("source:niche-45/orders.csv", first)]
        assert world.due("order-expiry", day) == [JUNE]
    world.snapshot(third, *rest)
    assert not world.live("order-expiry", third)
    assert world.end("order-expiry") == {"unseen"}
    world.snapshot(fourth)
    assert not [life for life in world.live("feed-stale", fourth) if "/" in life.owed.subject]
    assert world.due("order-expiry", fourth) == [JUNE]

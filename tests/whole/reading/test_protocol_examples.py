"""The reading of the protocol rules, on facts made for each: boundary days, ends, and readers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.whole.reading.sheets import Row
from tests.whole.reading.world import MONDAY, World


def incident(reported: date, *, breach: bool = False) -> Row:
    return {"occurred_on": reported, "reported_on": reported, "breach": breach}


def test_harassment_by_a_former_partner_has_to_be_explained_two_working_days_after_the_case_was_opened() -> None:
    assert World(classification="harassment", relationship="ex_partner").due("why-not-stalking") == [date(2026, 2, 4)]
    assert not World(classification="harassment", relationship="stranger").due("why-not-stalking")
    assert not World(classification="other", relationship="ex_partner").due("why-not-stalking")


def test_the_second_incident_is_the_trigger_and_the_earlier_of_two_counts() -> None:
    world = World(classification="harassment", relationship="ex_partner")
    world.row("incidents", "B", **incident(date(2026, 1, 9)))
    assert world.due("why-not-stalking") == [date(2026, 2, 4)]
    world.row("incidents", "A", **incident(date(2026, 1, 9)))
    assert world.due("why-not-stalking") == [date(2026, 1, 13)]


def test_a_case_that_is_no_longer_stalking_needs_a_new_reason() -> None:
    world = World(why_not_stalking_on=date(2026, 2, 20))
    assert not world.due("why-not-stalking")
    changed = date(2026, 3, 4)
    world.send(changed, classification="other")
    assert world.due("why-not-stalking", changed) == [date(2026, 3, 6)]
    world.send(changed, why_not_stalking_on=changed)
    assert not world.live("why-not-stalking", changed)
    assert world.end("why-not-stalking") == {"met"}


def test_a_case_that_is_stalking_again_needs_no_reason() -> None:
    world = World()
    world.send(date(2026, 3, 4), classification="harassment")
    assert world.due("why-not-stalking", date(2026, 3, 4)) == [date(2026, 3, 6)]
    world.send(date(2026, 3, 5), classification="stalking")
    assert not world.live("why-not-stalking", date(2026, 3, 5))
    assert world.end("why-not-stalking") == {"out_of_scope"}


def test_a_checklist_is_owed_on_the_day_of_the_referral_until_it_is_whole_or_decided() -> None:
    world = World()
    referral = {"submitted_on": date(2026, 2, 24), "decision_required_by": None, "decision_on": None}
    world.row("referrals", "F", **referral, checklist_missing=["C03"])
    (life,) = world.live("referral-checklist")
    assert (life.owed.remind, life.owed.due, life.owed.escalate) == (
        date(2026, 2, 24),
        date(2026, 2, 24),
        date(2026, 2, 26),
    )
    world.row("referrals", "F", **referral, checklist_missing=[])
    assert not world.live("referral-checklist")
    assert world.end("referral-checklist") == {"met"}


def test_a_risk_assessment_comes_round_in_four_weeks_or_two_days_after_the_next_incident() -> None:
    assert World().due("risk-assessment") == [date(2026, 2, 4)]
    world = World(risk_assessed_on=date(2026, 2, 9))
    world.row("incidents", "A", **incident(date(2026, 2, 9)))
    assert world.due("risk-assessment") == [date(2026, 3, 9)]
    world.row("incidents", "B", **incident(date(2026, 2, 10)))
    assert world.due("risk-assessment") == [date(2026, 2, 12)]
    world.send(MONDAY, risk_assessed_on=MONDAY)
    assert world.due("risk-assessment") == [date(2026, 3, 30)]
    assert world.live("risk-assessment")[0].version == 3  # moved by the incident, then met


def test_a_breach_is_answered_by_an_assessment_on_its_own_day() -> None:
    world = World(risk_assessed_on=date(2026, 2, 19))
    world.row("incidents", "A", **incident(date(2026, 2, 20), breach=True))
    assert world.due("breach-unanswered") == [date(2026, 2, 24)]
    world.send(MONDAY, risk_assessed_on=date(2026, 2, 20))
    assert world.due("breach-unanswered")  # what follows from it is not decided yet
    world.row("incidents", "A", **incident(date(2026, 2, 20), breach=True), breach_decided_on=MONDAY)
    assert not world.due("breach-unanswered")


def test_victims_hear_as_often_as_was_agreed_with_them() -> None:
    assert World().due("victim-contact") == [MONDAY]
    world = World(victim_contacted_on=date(2026, 2, 20), victim_contact_days=7)
    assert world.due("victim-contact") == [date(2026, 2, 27)]


def test_a_plea_to_harassment_on_a_stalking_charge_is_owed_three_days_of_record() -> None:
    world = World(classification="harassment")
    three = {"victim_consulted_on": MONDAY, "rationale_recorded_on": MONDAY, "spoc_reviewed_on": None}
    plea = {"offered_on": date(2026, 4, 2), "charged_code": "ph97011B", "plea_code": "PH97009", **three}
    world.row("pleas", "P", **plea)
    assert world.due("plea") == [date(2026, 4, 7)]
    world.row("pleas", "P", **plea | {"spoc_reviewed_on": MONDAY})
    assert not world.due("plea")
    world.row("pleas", "Q", **plea | {"charged_code": "PH97004"})
    assert not world.due("plea")


def test_views_are_known_ten_working_days_before_a_hearing_but_not_before_the_charge() -> None:
    world = World()
    charge = {"prosecutor_ref": None, "charge_authorised_on": None, "ctl_expires_on": None, "charged_on": MONDAY}
    world.row("cps_cases", "C", **charge, next_hearing_on=date(2026, 3, 10))
    assert world.due("restraining-order") == [MONDAY]
    world.row("cps_cases", "C", **charge, next_hearing_on=date(2026, 4, 17))
    assert world.due("restraining-order") == [date(2026, 4, 1)]
    order = {"kind": "restraining_order", "made_on": None, "expires_on": None, "renewal_decided_on": None}
    world.row("orders", "O", **order, victim_views_on=MONDAY, decided_on=None)
    world.row("orders", "P", **order, victim_views_on=None, decided_on=MONDAY)
    assert world.due("restraining-order")
    world.row("orders", "P", **order, victim_views_on=MONDAY, decided_on=MONDAY)
    assert not world.due("restraining-order")


def an_order(kind: str, made: date | None, expires: date | None = date(2026, 6, 30), **columns: Any) -> Row:
    usual = {"renewal_decided_on": None, "victim_views_on": None, "decided_on": None}
    return {"kind": kind, "made_on": made, "expires_on": expires, **usual, **columns}


def test_an_order_that_expires_is_told_three_months_ahead_and_of_an_interim_one_two_weeks_is_the_first_word() -> None:
    world = World()
    world.row("orders", "O", **an_order("spo", date(2026, 2, 3), date(2026, 5, 31)))
    world.row("orders", "I", **an_order("restraining_order", date(2026, 2, 4)))
    world.row("orders", "T", **an_order("non_molestation", date(2026, 2, 4), date(2026, 3, 20)))
    world.row("orders", "N", **an_order("interim_spo", None, date(2026, 3, 16)))
    reminds = {life.owed.subject: life.owed.remind for life in world.live("order-expiry")}
    assert reminds["order:O"] == date(2026, 2, 28)
    assert reminds["order:I"] == date(2026, 3, 30)
    assert reminds["order:N"] == MONDAY
    steps = {row["subject"]: row["step"] for row in world.reading.rows if row["rule"] == "order-expiry"}
    assert steps == {"order:O": "reminder", "order:T": "expiring", "order:N": "two-weeks"}


@pytest.mark.parametrize(
    ("kind", "made", "replaced"),
    [
        ("spo", date(2026, 2, 11), True),
        ("interim_spo", date(2026, 2, 11), True),
        ("spo", date(2026, 2, 10), False),
        ("spo", None, False),
        ("restraining_order", date(2026, 2, 11), False),
    ],
)
def test_an_order_is_replaced_by_a_later_one_of_its_family(kind: str, made: date | None, replaced: bool) -> None:
    world = World()
    world.row("orders", "O", **an_order("interim_spo", date(2026, 2, 10)))
    world.row("orders", "P", **an_order(kind, made, None))
    assert (not world.due("order-expiry")) == replaced


def test_a_withdrawn_order_ends_as_withdrawn_and_one_without_an_end_is_out_of_scope() -> None:
    world = World()
    order = an_order("spo", date(2026, 2, 10))
    world.row("orders", "O", **order)
    assert world.live("order-expiry")
    world.row("orders", "O", withdrawn=True, **order)
    assert not world.live("order-expiry")
    assert world.end("order-expiry") == {"withdrawn"}
    other = World()
    other.row("orders", "O", **order)
    assert other.live("order-expiry")
    other.row("orders", "O", **order | {"expires_on": None})
    assert not other.live("order-expiry")
    assert other.end("order-expiry") == {"out_of_scope"}


def test_a_case_closed_without_a_review_owes_one_by_the_next_working_day() -> None:
    closed = {"finalised_on": date(2026, 2, 27), "finalised_reason": "administrative"}
    world = World(**closed)
    (life,) = world.live("closed-silently")
    assert (life.owed.owed_by, life.owed.due) == ("both", MONDAY)
    assert {life.owed.rule for life in world.reading.lives.values()} == {"feed-stale", "closed-silently"}
    review = {"kind": "joint", "held_on": date(2026, 2, 27), "police_attended": True, "cps_attended": True}
    world.row("reviews", "R", **review)
    assert not world.live("closed-silently")
    assert world.end("closed-silently") == {"met"}
    assert not World(**closed | {"finalised_reason": "nfa_cps"}).due("closed-silently")


def test_a_warning_notice_on_a_stalking_case_is_owed_at_once_and_ends_with_its_case() -> None:
    world = World(pin_issued_on=MONDAY)
    assert world.due("pin-issued") == [MONDAY]
    world.send(MONDAY, finalised_on=MONDAY, finalised_reason="other")
    assert not world.due("pin-issued")
    assert world.end("pin-issued") == {"finalised"}


def test_an_order_that_runs_is_protection_and_one_sought_is_not() -> None:
    world = World()
    assert world.due("spo-considered") == [date(2026, 2, 4)]
    world.row("orders", "O", **an_order("interim_spo", None, None))
    assert world.due("spo-considered")
    world.row("orders", "O", **an_order("interim_spo", MONDAY, date(2026, 2, 1)))
    assert world.due("spo-considered")
    world.row("orders", "O", **an_order("interim_spo", MONDAY, date(2026, 2, 2)))
    assert not world.due("spo-considered")
    assert world.end("spo-considered") == {"met"}


class Office(World):
    """The same case, with its prosecutor and contacts."""

    def __init__(self) -> None:
        super().__init__()
        charge = dict.fromkeys(("charge_authorised_on", "charged_on", "ctl_expires_on", "next_hearing_on"))
        self.row("cps_cases", "C", prosecutor_ref="C1", **charge)

    def contact(
        self, ref: str, agency: str, roles: list[str], places: list[str], day: date = MONDAY, **more: Any
    ) -> None:
        own = {"force_code": places if agency == "police" else [], "cps_area": places if agency == "cps" else []}
        usual = {"deputy_ref": None, "active_from": None, "active_to": None}
        self.row("contacts", ref, day, **{"contact_ref": ref, "agency": agency, "roles": roles} | own | usual | more)

    def training(self, ref: str, course: str, expires: date | None) -> None:
        row = {"contact_ref": ref, "course": course, "completed_on": date(2026, 1, 5), "expires_on": expires}
        self.row("training", f"{ref}{course}{expires}", **row)


def test_a_prosecutor_is_trained_within_four_months_of_the_first_case_or_before_the_training_expires() -> None:
    office = Office()
    assert not office.live("prosecutor-training")  # C1 is not known yet
    office.contact("C1", "cps", ["prosecutor"], ["South East"])
    (life,) = office.live("prosecutor-training")
    assert (life.owed.force, life.owed.subject, life.owed.due) == (None, "contact:C1", date(2026, 6, 2))
    assert life.owed.remind == date(2026, 5, 2)
    office.training("C1", "stalking_prosecutor", date(2026, 4, 1))
    assert office.due("prosecutor-training") == [date(2026, 4, 1)]
    office.training("C1", "stalking_prosecutor", None)
    assert not office.live("prosecutor-training")


def test_a_new_spoc_learns_the_role_within_a_month_of_being_seen() -> None:
    office = Office()
    office.contact("S1", "police", ["spoc"], ["45"], date(2026, 1, 30))
    assert office.due("spoc-role") == [date(2026, 2, 28)]
    office.contact("S1", "police", ["lead"], ["45"])
    assert not office.live("spoc-role")
    assert office.end("spoc-role") == {"out_of_scope"}


def test_an_empty_post_is_owed_from_the_day_after_the_last_spoc_leaves() -> None:
    office = Office()
    due = {life.owed.subject: life.owed.due for life in office.live("spoc-vacancy")}
    assert due == {"force:45": date(2026, 2, 2), "area:South East": date(2026, 2, 2)}
    office.contact("S1", "police", ["spoc"], ["45"], active_to=date(2026, 3, 31))
    office.contact("S2", "police", ["spoc"], ["45"], active_to=date(2026, 3, 20))
    office.contact("S3", "cps", ["spoc"], ["SOUTH EAST"])
    (life,) = office.live("spoc-vacancy")
    assert (life.owed.subject, life.owed.due, life.owed.escalate) == ("force:45", date(2026, 4, 1), date(2026, 4, 1))
    assert life.severity(date(2026, 4, 1)) == "due soon"
    assert life.severity(date(2026, 4, 2)) == "critically overdue"


def test_a_post_empty_since_a_weekend_is_owed_on_the_next_working_day() -> None:
    office = Office()
    office.send(MONDAY, opened_on=date(2026, 2, 1))  # a Sunday
    assert set(office.due("spoc-vacancy")) == {date(2026, 2, 2)}


def test_leads_of_the_place_are_told_and_operations_where_there_is_none() -> None:
    office = Office()
    office.contact("L1", "police", ["lead"], ["45"])
    office.live("spoc-vacancy")
    told = {(row["subject"], row["contact_ref"]) for row in office.reading.rows if row["rule"] == "spoc-vacancy"}
    assert told == {("force:45", "L1"), ("force:45", None), ("area:South East", None)}
    waited = MONDAY + timedelta(days=7)
    assert "unresolved" not in {row["step"] for row in office.reading.rows}
    office.live("spoc-vacancy", waited)
    again = [row for row in office.reading.rows if row["step"] == "unresolved" and row["rule"] == "spoc-vacancy"]
    assert {(row["contact_ref"], row["manner"]) for row in again} == {("L1", "at_once"), (None, "at_once")}


def test_who_has_left_has_nothing_to_learn_and_one_withdrawn_was_a_spoc_until_the_day_before() -> None:
    office = Office()
    office.contact("S1", "police", ["spoc"], ["45"], active_to=MONDAY)
    assert office.live("spoc-role")
    assert not office.live("spoc-role", date(2026, 3, 3))
    assert office.end("spoc-role") == {"out_of_scope"}
    office.contact("S2", "police", ["spoc"], ["45"], date(2026, 3, 4))
    office.contact("S3", "cps", ["spoc"], ["South East"], date(2026, 3, 4))
    assert not office.live("spoc-vacancy", date(2026, 3, 4))
    office.contact("S2", "police", ["spoc"], ["45"], date(2026, 3, 10), withdrawn=True)
    assert office.due("spoc-vacancy", date(2026, 3, 10)) == [date(2026, 3, 10)]

"""The reading of harassment that is presumed to be stalking, on facts made for each."""

from __future__ import annotations

from datetime import date

import pytest

from tests.whole.reading.sheets import Row
from tests.whole.reading.world import MONDAY, World

HARASSMENT = {"classification": "harassment", "offence_codes": ["PH97004"], "relationship": "stranger"}
EX = HARASSMENT | {"relationship": "ex_partner"}
SAFETY = ("risk-assessment", "victim-contact", "spo-considered", "advocate-referral")


def report(day: date, **columns: object) -> Row:
    return {"occurred_on": day, "reported_on": day, "breach": False, "breach_decided_on": None, **columns}


def test_unexplained_harassment_owes_the_safety_duties_and_no_review() -> None:
    world = World(**EX)
    assert [world.due(rule) for rule in SAFETY] == [
        [date(2026, 2, 4)],
        [MONDAY],
        [date(2026, 2, 4)],
        [date(2026, 2, 4)],
    ]
    assert not world.due("joint-review")
    assert not World(**HARASSMENT).due("risk-assessment")
    assert not World(**EX | {"classification": "other"}).due("risk-assessment")


def test_it_is_watched_since_the_day_that_asks_for_a_reason() -> None:
    world = World(**HARASSMENT)
    world.row("incidents", "A", **report(date(2026, 2, 10)))
    assert not world.due("risk-assessment")
    world.row("incidents", "B", **report(date(2026, 2, 20)))  # a Friday
    assert world.due("risk-assessment") == [date(2026, 2, 24)]
    assert world.due("victim-contact") == [date(2026, 3, 20)]
    assert world.due("advocate-referral") == [date(2026, 2, 24)]


def test_the_reason_or_the_classification_ends_it() -> None:
    world = World(**EX)
    assert world.live("advocate-referral")
    world.send(MONDAY, why_not_stalking_on=MONDAY)
    assert not world.live("advocate-referral")
    assert world.end("advocate-referral") == {"out_of_scope"}
    world = World(**EX)
    assert world.due("risk-assessment") == [date(2026, 2, 4)]
    world.send(MONDAY, classification="stalking")
    assert world.due("risk-assessment") == [date(2026, 2, 4)]
    assert world.live("risk-assessment")[0].version == 1


def test_a_case_that_is_no_longer_stalking_is_watched_since_that_day() -> None:
    world = World(classification="stalking", risk_assessed_on=None, why_not_stalking_on=date(2026, 2, 20))
    changed = date(2026, 3, 5)
    world.send(changed, classification="other")
    assert world.due("risk-assessment", changed) == [date(2026, 3, 9)]
    world.send(changed, why_not_stalking_on=changed)
    assert not world.due("risk-assessment", changed)


def test_without_the_column_of_the_reason_nothing_is_presumed() -> None:
    assert not World("cases.why_not_stalking_on", **EX).due("risk-assessment")


@pytest.mark.parametrize(("presumed", "safety", "reviews"), [("off", 0, 0), ("safety", 1, 0), ("all", 1, 1)])
def test_the_policy_says_for_what_it_is_presumed(presumed: str, safety: int, reviews: int) -> None:
    world = World(**EX)
    world.store.presumed = presumed
    world.row("cps_cases", "C", charge_authorised_on=date(2026, 2, 25))
    assert len(world.due("risk-assessment")) == safety
    found = [world.due(rule) for rule in ("joint-review", "supervisor-review", "no-progress", "awaiting-charge")]
    assert [len(days) for days in found] == [reviews] * 4
    assert len(world.due("why-not-stalking")) == 1


def test_a_police_notice_and_a_breach_in_such_a_case_are_asked_about() -> None:
    world = World(**EX, pin_issued_on=date(2026, 2, 26), risk_assessed_on=date(2026, 2, 19))
    world.row("incidents", "A", **report(date(2026, 2, 26), breach=True))
    assert world.due("pin-issued") == [date(2026, 2, 26)]
    assert world.due("breach-unanswered") == [MONDAY]


def test_unexplained_harassment_closed_without_a_charge_is_reviewed() -> None:
    closed = {"finalised_on": date(2026, 2, 27), "finalised_reason": "nfa_cps"}
    world = World(**EX, **closed)
    (life,) = world.live("nfa-review")
    assert (life.owed.owed_by, life.owed.due) == ("both", MONDAY)
    world.send(MONDAY, why_not_stalking_on=MONDAY)
    assert not world.live("nfa-review")
    assert world.end("nfa-review") == {"out_of_scope"}
    assert not World(**HARASSMENT, **closed).due("nfa-review")
    assert not World("cases.why_not_stalking_on", **EX, **closed).due("nfa-review")


def test_an_advocate_is_asked_for_within_two_working_days_unless_the_victim_declined() -> None:
    world = World(opened_on=date(2026, 4, 2))
    assert world.due("advocate-referral") == [date(2026, 4, 8)]  # Good Friday and Easter Monday are between
    world.send(MONDAY, advocate_declined_on=MONDAY)
    assert not world.due("advocate-referral")
    assert world.end("advocate-referral") == {"met"}
    assert not World("cases.advocate_referred_on").due("advocate-referral")

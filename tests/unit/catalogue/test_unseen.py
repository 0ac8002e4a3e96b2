"""Blind is not done: a rule that cannot see owes nothing, says which file has no column, and is never met."""

from typing import Any

import pytest

from config.terms import Classification, EndReason, FinalisedReason, OrderKind, Relationship, SuspectStatus
from models.rules.catalogue.rule import Seeing
from models.rules.obligations.rulebook import RULES
from models.rules.result import Owes
from tests.worlds.days import day, row
from tests.worlds.facts import answers, case, incident, order, plea, referral, unseen

ON = day("Mon 2 Mar 2026")
HELD = {"suspect_status": SuspectStatus.BAIL, "status_on": ON, "status_changed_on": ON}
SPO = {"made_on": ON, "served_on": ON, "expires_on": day("Thu 2 Mar 2028")}
ENDED = {"finalised_on": ON, "finalised_reason": FinalisedReason.NFA_POLICE}
OWING: dict[str, dict[str, Any]] = {
    "why-not-stalking": {"classification": Classification.HARASSMENT, "relationship": Relationship.EX_PARTNER},
    "charge-not-stalking": {"charged_on": ON, "charged_codes": ("PH97004",), "cps_source_id": 2},
    "referral-checklist": {"referrals": [referral(submitted_on=ON, missing=("C01",))]},
    "pin-issued": {"pin_issued_on": ON},
    "risk-assessment": {},
    "victim-contact": {},
    "plea": {"pleas": [plea(offered_on=ON)]},
    "restraining-order": {"charged_on": ON, "next_hearing_on": day("Fri 1 May 2026")},
    "spo-considered": {},
    "order-expiry": {"orders": [order(**SPO)]},
    "order-told": {"orders": [order(**SPO)]},
    "spo-notification": {"orders": [order(**SPO)]},
    "breach-unanswered": {"incidents": [incident(reported_on=ON, breach=True)]},
    "bail-views": HELD,
    "release-review": HELD | {"suspect_status": SuspectStatus.RUI},
    "victim-told": HELD,
    "nfa-review": ENDED,
    "closed-silently": ENDED | {"finalised_reason": FinalisedReason.ADMINISTRATIVE},
}
COLUMNS = [(rule, f"{file}: {name}") for rule in OWING for file, name in RULES[rule].needs]
PARTS = [rule for rule in OWING if RULES[rule].seeing is Seeing.PARTS]


def ends(rule: str, *lacking: str) -> list[Any]:
    found = answers(rule, unseen(case(opened_on=ON, **OWING[rule]), *lacking))
    return ["owes" if isinstance(each, Owes) else each.end for each in found]


@pytest.mark.parametrize("rule", OWING)
def test_with_every_column_sent_it_is_owed(rule: str) -> None:
    assert ends(rule) == ["owes"]


@pytest.mark.parametrize(("rule", "column"), [each for each in COLUMNS if each[0] not in PARTS])
def test_without_a_column_that_ends_it_a_duty_cannot_be_seen(rule: str, column: str) -> None:
    assert ends(rule, column) == [EndReason.UNSEEN]


@pytest.mark.parametrize(("rule", "column"), [each for each in COLUMNS if each[0] in PARTS])
def test_of_several_parts_those_that_can_be_seen_are_asked(rule: str, column: str) -> None:
    assert ends(rule, column) == ["owes"]


@pytest.mark.parametrize("rule", PARTS)
def test_several_parts_of_which_none_can_be_seen_cannot_be_seen(rule: str) -> None:
    assert ends(rule, *(f"{file}: {name}" for file, name in RULES[rule].needs)) == [EndReason.UNSEEN]


@pytest.mark.parametrize(
    ("rule", "begun", "column"),
    [
        row("the status", "bail-views", {"suspect_status": None}, "cases.csv: suspect_status"),
        row("the status of a release", "release-review", {"suspect_status": None}, "cases.csv: suspect_status"),
        row("the codes", "charge-not-stalking", {"charged_codes": ()}, "cps_cases.csv: charged_codes"),
        row(
            "what is a breach",
            "breach-unanswered",
            {"incidents": [incident(reported_on=ON)]},
            "incidents.csv: breach",
        ),
        row("the notice", "pin-issued", {"pin_issued_on": None}, "cases.csv: pin_issued_on"),
        row("the hearing", "restraining-order", {"next_hearing_on": None}, "cps_cases.csv: next_hearing_on"),
    ],
)
def test_a_duty_whose_beginning_is_sent_no_more_cannot_be_seen(rule: str, begun: dict[str, Any], column: str) -> None:
    facts = case(**{"opened_on": ON, **OWING[rule], **begun})
    (sent,), (unsent,) = answers(rule, unseen(facts)), answers(rule, unseen(facts, column))
    assert sent.end in {EndReason.MET, EndReason.OUT_OF_SCOPE}
    assert unsent.end is EndReason.UNSEEN


def test_it_says_which_file_of_which_source_has_no_column() -> None:
    facts = unseen(case(opened_on=ON), "cases.csv: risk_assessed_on")
    (found,) = answers("risk-assessment", facts)
    assert found.why == "cannot be seen: cases.csv of niche-45 has no column risk_assessed_on"


def test_a_referral_whose_source_sends_no_checklist_is_not_said_to_lack_nothing() -> None:
    facts = case(opened_on=ON, referrals=[referral(submitted_on=ON, source_id=2)])
    (found,) = answers("referral-checklist", unseen(facts, "referrals.csv: checklist_missing"))
    assert (found.end, found.why) == (
        EndReason.UNSEEN,
        "cannot be seen: referrals.csv of cms-se has no column checklist_missing",
    )


def test_a_decided_referral_is_decided_though_its_source_sends_no_checklist() -> None:
    facts = case(opened_on=ON, referrals=[referral(submitted_on=ON, decision_on=ON, source_id=2)])
    (found,) = answers("referral-checklist", unseen(facts, "referrals.csv: checklist_missing"))
    assert found.end is EndReason.MET


def test_a_day_that_is_enough_is_an_answer_though_its_column_is_sent_no_more() -> None:
    facts = unseen(case(opened_on=ON, **HELD, bail_views_on=ON), "cases.csv: bail_views_on")
    (found,) = answers("bail-views", facts)
    assert found.end is EndReason.MET


EARLIER = day("Fri 27 Feb 2026")
DECIDED_BEFORE = order(made_on=None, kind=OrderKind.RESTRAINING_ORDER, victim_views_on=ON, decided_on=EARLIER)


@pytest.mark.parametrize(
    ("rule", "columns"),
    [
        ("risk-assessment", {"risk_assessed_on": EARLIER}),
        ("victim-contact", {"victim_contacted_on": EARLIER}),
        ("victim-told", HELD | {"victim_told_on": EARLIER}),
        ("bail-views", HELD | {"bail_views_on": EARLIER}),
        ("release-review", HELD | {"suspect_status": SuspectStatus.RUI, "release_reviewed_on": EARLIER}),
        (
            "why-not-stalking",
            {"classification": Classification.OTHER, "declassified_on": ON, "why_not_stalking_on": EARLIER},
        ),
        ("breach-unanswered", OWING["breach-unanswered"] | {"risk_assessed_on": EARLIER}),
        ("nfa-review", ENDED | {"nfa_reviewed_on": day("Sun 1 Feb 2026"), "nfa_victim_told_on": ON}),
        ("restraining-order", OWING["restraining-order"] | {"orders": [DECIDED_BEFORE]}),
    ],
)
def test_after_an_earlier_day_nobody_sees_whether_a_later_one_was_recorded(rule: str, columns: dict[str, Any]) -> None:
    facts = case(opened_on=ON, **columns)
    assert isinstance(answers(rule, facts)[0], Owes)
    (found,) = answers(rule, unseen(facts, *(f"{file}: {name}" for file, name in RULES[rule].needs)))
    assert found.end is EndReason.UNSEEN


def test_a_restraining_order_that_satisfies_what_can_be_seen_is_not_said_to_be_decided() -> None:
    found = order(made_on=None, kind=OrderKind.RESTRAINING_ORDER, victim_views_on=ON)
    facts = case(opened_on=ON, charged_on=ON, next_hearing_on=day("Fri 1 May 2026"), orders=[found])
    (answer,) = answers("restraining-order", unseen(facts, "orders.csv: decided_on"))
    assert answer.end is EndReason.UNSEEN

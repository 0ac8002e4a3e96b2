"""Duties that are owed again and again: from each day on which one was done to the next, whoever was told of it."""

from datetime import date, timedelta

import pytest

from config.terms import Classification, FinalisedReason, OrderKind, Risk
from models.rules.report import watched
from models.rules.report.asking import by_its_day
from models.rules.report.duties import fallen
from models.rules.report.earlier import DayKind, Earlier
from tests.worlds.facts import CALENDAR, POLICY, case, incident, joint, order, supervisors, unseen

OPENED = date(2026, 3, 2)  # a Monday
DAY = timedelta(days=1)


def on(number: int) -> date:
    return date(2026, 3, number)


def told(rule: str, facts, *earlier: Earlier) -> list[tuple[date, bool]]:
    """The due day of each duty of a rule, and whether it was done by then."""
    found = fallen(facts, earlier, POLICY.rules, CALENDAR)
    return [(duty.due_on, by_its_day(duty)) for duty in found if duty.rule == rule]


def a_case(**given):
    return case(opened_on=OPENED, **{"risk": Risk.HIGH} | given)


def before(kind: DayKind, day: date) -> Earlier:
    return Earlier(kind, day, None, day)


def test_an_assessment_that_a_later_one_replaced_counts_on_its_own_day_against_its_own_due_day():
    facts = a_case(risk_assessed_on=on(13), incidents=[incident(reported_on=on(9))])
    assert told("risk-assessment", facts) == [(on(4), False), (date(2026, 4, 10), False)]
    assert told("risk-assessment", facts, before(DayKind.ASSESSED, on(4))) == [
        (on(4), True), (on(11), False), (date(2026, 4, 10), False),
    ]  # fmt: skip


def test_what_was_reported_after_an_assessment_asks_for_the_next_and_moves_no_day_of_the_one_before():
    facts = a_case(risk_assessed_on=on(6), incidents=[incident(reported_on=on(12))])
    assert told("risk-assessment", facts, before(DayKind.ASSESSED, on(3))) == [
        (on(4), True), (on(31), True), (on(16), False),
    ]  # fmt: skip


def test_each_contact_with_the_victim_has_its_own_day_as_often_as_was_agreed():
    facts = a_case(victim_contacted_on=on(20), victim_contact_days=7)
    assert told("victim-contact", facts, before(DayKind.CONTACTED, on(9))) == [
        (on(9), True), (on(16), False), (on(27), False),
    ]  # fmt: skip


def test_joint_reviews_fall_due_from_one_that_both_attended_to_the_next_of_all_linked_cases():
    facts = a_case(reviews=[joint(held_on=on(16)), joint(held_on=on(10), quorate=False)])
    linked = facts._replace(linked_reviews=(joint(held_on=on(19)),))
    assert told("joint-review", linked) == [(on(16), True), (on(30), True), (date(2026, 4, 2), False)]
    assert told("joint-review", linked._replace(principal=False)) == []


def test_a_charge_ends_the_review_by_a_supervisor_that_is_due_and_asks_for_none_after_it():
    reviews = [supervisors(held_on=on(9)), joint(held_on=on(20))]
    assert told("supervisor-review", a_case(reviews=reviews)) == [(on(9), True), (on(16), False), (on(27), False)]
    charged = a_case(reviews=reviews[:1], charged_on=on(12))
    assert told("supervisor-review", charged) == [(on(9), True), (on(16), True)]
    assert told("supervisor-review", a_case(reviews=reviews, charged_on=on(12))) == [(on(9), True), (on(16), True)]


@pytest.mark.parametrize(
    ("made_on", "expires_on", "expected"),
    [
        pytest.param(None, None, [(on(4), True), (on(16), False)], id="no order: of the first report alone"),
        pytest.param(on(6), None, [(on(4), True)], id="one runs when it is reported"),
        pytest.param(on(12), None, [(on(4), True), (on(16), True)], id="one made since ends it"),
        pytest.param(on(12), on(14), [(on(4), True), (on(16), True), (on(23), False)], id="and ran out again"),
    ],
)
def test_an_order_is_considered_again_at_a_report_while_none_runs(made_on, expires_on, expected):
    orders = [order(kind=OrderKind.SPO, made_on=made_on, expires_on=expires_on)] if made_on else []
    reports = [incident(reported_on=on(9)), incident(reported_on=on(16))]
    assert told("spo-considered", a_case(spo_considered_on=on(3), orders=orders, incidents=reports)) == expected


CASES = {
    "joint-review": {}, "supervisor-review": {}, "risk-assessment": {}, "spo-considered": {},
    "victim-contact": {"victim_contact_days": 7},
}  # fmt: skip


@pytest.mark.parametrize("rule", CASES)
def test_a_case_that_ended_by_the_due_day_owes_nothing_more_and_one_that_ended_later_did(rule):
    ((due_on, _),) = told(rule, a_case(**CASES[rule]))
    for ended_on, counted in ((due_on, []), (due_on + DAY, [(due_on, False)])):
        ended = {"finalised_on": ended_on, "finalised_reason": FinalisedReason.OTHER}
        assert told(rule, a_case(**CASES[rule], **ended)) == counted


@pytest.mark.parametrize("column", ["risk_assessed_on", "victim_contacted_on", "spo_considered_on"])
def test_where_the_column_is_sent_no_more_nothing_is_counted_of_the_days_that_it_had(column):
    rule = {"risk_assessed_on": "risk-assessment", "victim_contacted_on": "victim-contact"}.get(
        column, "spo-considered"
    )
    facts = unseen(a_case(incidents=[incident(reported_on=on(9))]), f"cases.csv: {column}")
    assert told(rule, facts, before(DayKind(column), on(3))) == []


def in_time(facts, at: date, *earlier: Earlier) -> set[str]:
    """The columns of the base in which a case counts as a day ends."""
    return {*watched.counted(facts, [*fallen(facts, earlier, POLICY.rules, CALENDAR)], at).columns}


def test_a_case_is_behind_from_the_day_after_a_due_day_until_the_duty_was_done_whatever_was_done_since():
    facts = a_case(risk_assessed_on=on(20), incidents=[incident(reported_on=on(12))])
    seen = {
        number: "assessed" in in_time(facts, on(number), before(DayKind.ASSESSED, on(4))) for number in range(15, 22)
    }
    assert seen == {15: True, 16: True, 17: False, 18: False, 19: False, 20: True, 21: True}


def test_only_an_open_case_in_scope_of_which_the_column_is_sent_can_be_in_time():
    columns = {"assessed", "considered", "contact", "reviewed"}
    assert in_time(a_case(), on(4)) == columns
    assert in_time(unseen(a_case(), "cases.csv: risk_assessed_on"), on(4)) == columns - {"assessed"}
    ended = {"finalised_on": on(4), "finalised_reason": FinalisedReason.OTHER}
    assert in_time(a_case(**ended), on(3)) == columns
    assert in_time(a_case(**ended), on(4)) == set()
    assert in_time(a_case(classification=Classification.HARASSMENT), on(4)) == set()

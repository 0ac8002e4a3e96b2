"""The rule `breach-unanswered`: a risk assessment after each reported breach, and the decision on it."""

import pytest

from config.terms import Classification, EndReason, OwedBy
from models.rules import arithmetic
from models.rules.row_facts import IncidentFact
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, answers, case, incident, nothing, owed

OPENED, REPORTED = day("Mon 2 Mar 2026"), day("Thu 2 Apr 2026")


def breach(ref="I1", reported_on=REPORTED, *, decided_on=None, supplied=True):
    return IncidentFact(ref, reported_on, reported_on, True, decided_on, 1, supplied)


@pytest.mark.parametrize(
    ("assessed", "answered"),
    [
        row("never", None, False),
        row("the day before the report", "Wed 1 Apr 2026", False),
        row("on the day of the report", "Thu 2 Apr 2026", True),
        row("the day after", "Fri 3 Apr 2026", True),
    ],
)
def test_a_breach_is_answered_by_a_risk_assessment_on_or_after_its_report(assessed, answered):
    facts = case(opened_on=OPENED, risk_assessed_on=assessed, incidents=[breach(decided_on=REPORTED)])
    if answered:
        ended = nothing("breach-unanswered", facts)
        assert (ended.subject, ended.end) == ("incident:I1", EndReason.MET)
    else:
        found = owed("breach-unanswered", facts)
        assert (found.subject, found.owed_by, found.due_on) == ("incident:I1", OwedBy.POLICE, day("Wed 8 Apr 2026"))


@pytest.mark.parametrize(
    ("assessed", "decided", "asked"),
    [
        row("neither", None, None, "a risk assessment, the decision on the breach"),
        row("a risk assessment alone does not answer it", "Thu 2 Apr 2026", None, "the decision on the breach"),
        row("an assessment before it", "Wed 1 Apr 2026", None, "a risk assessment, the decision on the breach"),
        row("the decision alone", None, "Thu 2 Apr 2026", "a risk assessment"),
    ],
)
def test_a_breach_needs_a_risk_assessment_and_the_decision_on_arrest_or_charge(assessed, decided, asked):
    found = owed(
        "breach-unanswered", case(opened_on=OPENED, risk_assessed_on=assessed, incidents=[breach(decided_on=decided)])
    )
    assert found.because[0].note == f"not recorded yet: {asked}"
    assert found.arose_on == REPORTED


def test_it_reminds_on_the_day_of_the_report_and_escalates_two_working_days_after():
    found = owed("breach-unanswered", case(opened_on=OPENED, incidents=[breach()]))
    assert (found.remind_on, found.escalate_on) == (REPORTED, day("Fri 10 Apr 2026"))


def test_each_breach_is_a_separate_obligation_and_other_incidents_are_none():
    incidents = [breach("I1", OPENED, decided_on=OPENED), incident(reported_on=REPORTED), breach("I2")]
    first, second = answers("breach-unanswered", case(opened_on=OPENED, risk_assessed_on=OPENED, incidents=incidents))
    assert (first.subject, first.end) == ("incident:I1", EndReason.MET)
    assert (second.subject, second.due_on) == ("incident:I2", day("Wed 8 Apr 2026"))


def test_a_breach_that_its_source_withdrew_is_withdrawn():
    found = nothing("breach-unanswered", case(opened_on=OPENED, incidents=[breach(supplied=False)]))
    assert (found.subject, found.end) == ("incident:I1", EndReason.WITHDRAWN)


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("no incident", {"incidents": []}, EndReason.OUT_OF_SCOPE),
        row("no breach", {"incidents": [incident(reported_on=REPORTED)]}, EndReason.OUT_OF_SCOPE),
        row("a linked case's breach", {"incidents": [], "linked_incidents": [breach()]}, EndReason.OUT_OF_SCOPE),
        row("harassment", {"classification": Classification.HARASSMENT}, EndReason.OUT_OF_SCOPE),
        row("finalised", {"finalised_on": REPORTED}, EndReason.FINALISED),
    ],
)
def test_a_case_it_is_not_for_answers_once(given, end):
    found = nothing("breach-unanswered", case(opened_on=OPENED, **{"incidents": [breach()], **given}))
    assert (found.subject, found.end) == ("case", end)


def test_it_says_its_arithmetic():
    found = owed("breach-unanswered", case(opened_on=OPENED, incidents=[breach(reported_on=OPENED)]))
    assert (
        arithmetic.sentence(found.because, CALENDAR)
        == "breach reported Mon 2 Mar 2026 + 2 working days = Wed 4 Mar 2026; not recorded yet: a risk assessment, "
        "the decision on the breach"
    )

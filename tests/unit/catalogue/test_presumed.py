"""Presumed stalking: what may be stalking is watched as if it were, until somebody says why it is not."""

import pytest

from config.presumption import Presumption
from config.terms import Classification, EndReason, Relationship, Risk
from models.rules.result import Owes
from tests.worlds.days import day, row
from tests.worlds.facts import answers, case, incident, nothing, owed, referral, unseen

OPENED, SECOND = day("Mon 2 Mar 2026"), day("Wed 11 Mar 2026")
HARASSED = {"classification": Classification.HARASSMENT}
EX = HARASSED | {"relationship": Relationship.EX_PARTNER}
SAFETY = ("risk-assessment", "victim-contact", "spo-considered", "advocate-referral")
PROGRESS = ("joint-review", "supervisor-review", "no-progress")


def twice():
    return [incident(reported_on=OPENED), incident(reported_on=SECOND)]


def owes(rule, facts):
    return [isinstance(one, Owes) for one in answers(rule, facts)] == [True]


@pytest.mark.parametrize(
    ("given", "presumed", "since"),
    [
        row("harassment by a former partner", EX, True, "Mon 2 Mar 2026"),
        row("a second report", HARASSED | {"incidents": twice()}, True, "Wed 11 Mar 2026"),
        row("a referral", HARASSED | {"referrals": [referral(submitted_on=SECOND)]}, True, "Wed 11 Mar 2026"),
        row("stalking no more", HARASSED | {"declassified_on": SECOND}, True, "Wed 11 Mar 2026"),
        row(
            "recorded as something else since",
            {"classification": Classification.OTHER, "declassified_on": SECOND},
            True,
            "Wed 11 Mar 2026",
        ),
        row("nothing that raises the question", HARASSED, False, "Mon 2 Mar 2026"),
        row("never stalking", {"classification": Classification.OTHER, "incidents": twice()}, False, "Mon 2 Mar 2026"),
        row("stalking", {"relationship": Relationship.EX_PARTNER, "incidents": twice()}, False, "Mon 2 Mar 2026"),
        row("the reason recorded", EX | {"why_not_stalking_on": OPENED}, False, "Mon 2 Mar 2026"),
        row(
            "a reason recorded the day before it was stalking no more",
            HARASSED | {"declassified_on": SECOND, "why_not_stalking_on": day("Tue 10 Mar 2026")},
            True,
            "Wed 11 Mar 2026",
        ),
        row(
            "a reason recorded on the day",
            HARASSED | {"declassified_on": SECOND, "why_not_stalking_on": SECOND},
            False,
            "Mon 2 Mar 2026",
        ),
        row("finalised", EX | {"finalised_on": SECOND}, False, "Mon 2 Mar 2026"),
    ],
)  # fmt: skip
def test_what_is_presumed_stalking_and_since_when_it_is_watched(given, presumed, since):
    facts = case(opened_on=OPENED, **given)
    assert (facts.presumed, facts.watched_since[1]) == (presumed, since)


@pytest.mark.parametrize("rule", SAFETY)
def test_the_duties_of_safety_count_from_the_fact_that_raised_the_question(rule):
    found = owed(rule, case(opened_on=OPENED, incidents=twice(), **HARASSED))
    assert (found.because[0].fact, found.because[0].day) == ("second incident reported", SECOND)


@pytest.mark.parametrize(
    ("presumption", "safety", "all_of_it"),
    [
        (Presumption.SAFETY, True, False),
        (Presumption.ALL, True, True),
        (Presumption.OFF, False, False),
    ],
)
def test_the_policy_says_for_what_it_presumes(presumption, safety, all_of_it):
    facts = case(opened_on=OPENED, charge_authorised_on=OPENED, **EX)._replace(presumption=presumption)
    assert {owes(rule, facts) for rule in SAFETY} == {safety}
    assert {owes(rule, facts) for rule in (*PROGRESS, "awaiting-charge")} == {all_of_it}


def test_what_the_policy_has_in_scope_is_not_presumed():
    facts = case(opened_on=OPENED, incidents=twice(), **HARASSED)
    facts = facts._replace(scope=(Classification.STALKING, Classification.HARASSMENT))
    assert (facts.presumed, facts.guarded, facts.watched_since) == (False, True, ("case opened", OPENED))


@pytest.mark.parametrize(
    ("given", "end", "on", "said"),
    [
        row(
            "the reason",
            EX | {"why_not_stalking_on": SECOND},
            EndReason.OUT_OF_SCOPE,
            "Wed 11 Mar 2026",
            "the reason why it is not stalking was recorded",
        ),
        row(
            "a report withdrawn",
            HARASSED | {"incidents": [incident(reported_on=OPENED)]},
            EndReason.OUT_OF_SCOPE,
            None,
            "nothing is recorded any more that raises the question whether it is stalking",
        ),
        row(
            "another classification",
            {"classification": Classification.OTHER},
            EndReason.OUT_OF_SCOPE,
            None,
            "the case is recorded as neither stalking nor harassment",
        ),
        row("its end", EX | {"finalised_on": SECOND}, EndReason.FINALISED, "Wed 11 Mar 2026", "the case was finalised"),
    ],
)
@pytest.mark.parametrize("rule", SAFETY)
def test_what_a_presumed_case_owes_ends_by_one_fact_with_its_day(rule, given, end, on, said):
    found = nothing(rule, case(opened_on=OPENED, **given))
    assert (found.end, found.on, found.sentence) == (end, on, said)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        row("once stalking", {"declassified_on": SECOND}, "the case is not recorded as stalking any more"),
        row("never stalking", {}, "the case is not recorded as stalking"),
    ],
)
def test_where_nothing_is_presumed_it_is_said_that_it_is_not_stalking(given, said):
    facts = case(opened_on=OPENED, **EX, **given)._replace(presumption=Presumption.OFF)
    assert nothing("risk-assessment", facts).sentence == said


@pytest.mark.parametrize("rule", SAFETY)
def test_without_the_column_of_the_reason_nobody_sees_whether_a_case_is_presumed(rule):
    (found,) = answers(rule, unseen(case(opened_on=OPENED, **EX), "cases.csv: why_not_stalking_on"))
    assert found.end is EndReason.UNSEEN
    assert found.why.endswith("has no column why_not_stalking_on")


def test_a_presumed_case_of_high_risk_has_its_releases_reviewed():
    facts = case(opened_on=OPENED, suspect_status="rui", status_on=SECOND, risk=Risk.HIGH, **EX)
    assert owed("release-review", facts).due_on == day("Fri 13 Mar 2026")

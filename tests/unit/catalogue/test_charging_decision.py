"""The rule `charging-decision`: CPS decide on each referral, and the clock stops for action plans."""

import pytest

from config.terms import ActionSource, ActionStatus, Agency, Classification, EndReason, OwedBy, Risk
from models.rules import arithmetic
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, action, answers, case, nothing, owed, referral, unseen

SUBMITTED = day("Mon 2 Mar 2026")
PLAN = ActionSource.ACTION_PLAN


@pytest.mark.parametrize(
    ("risk", "required_by", "due"),
    [
        row("high: five days", Risk.HIGH, None, "Sat 7 Mar 2026"),
        row("unknown reads as high", Risk.UNKNOWN, None, "Sat 7 Mar 2026"),
        row("medium: four weeks", Risk.MEDIUM, None, "Mon 30 Mar 2026"),
        row("standard: four weeks", Risk.STANDARD, None, "Mon 30 Mar 2026"),
        row("the day asked for beats the span", Risk.HIGH, "Fri 20 Mar 2026", "Fri 20 Mar 2026"),
    ],
)
def test_cps_decide_a_referral_by_the_day_asked_for_or_within_the_span(risk, required_by, due):
    referrals = [referral(submitted_on=SUBMITTED, required_by=required_by)]
    found = owed("charging-decision", case(opened_on=SUBMITTED, risk=risk, referrals=referrals))
    assert (found.subject, found.owed_by, found.due_on) == ("referral:F1", OwedBy.CPS, due)


def test_it_reminds_and_escalates_two_working_days_around_its_day():
    found = owed("charging-decision", case(opened_on=SUBMITTED, referrals=[referral(submitted_on=SUBMITTED)]))
    assert (found.remind_on, found.escalate_on) == (day("Thu 5 Mar 2026"), day("Tue 10 Mar 2026"))


@pytest.mark.parametrize(
    ("given", "waits"),
    [
        row("police owe an item of the plan", {"source": PLAN}, True),
        row("and it waits for a third party", {"source": PLAN, "status": ActionStatus.WAITING_THIRD_PARTY}, True),
        row("CPS owe it", {"source": PLAN, "owner_agency": Agency.CPS}, False),
        row("it is done", {"source": PLAN, "status": ActionStatus.DONE, "closed_on": SUBMITTED}, False),
        row("it was withdrawn", {"source": PLAN, "supplied": False}, False),
        row("police owe an action of another source", {}, False),
    ],
)
def test_the_decision_waits_while_police_answer_an_action_plan(given, waits):
    facts = case(
        opened_on=SUBMITTED,
        referrals=[referral(submitted_on=SUBMITTED)],
        actions=[action(raised_on=SUBMITTED, **given)],
    )
    if waits:
        found = nothing("charging-decision", facts)
        assert (found.subject, found.end) == ("referral:F1", EndReason.MET)
    else:
        assert owed("charging-decision", facts).due_on == day("Sat 7 Mar 2026")


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("decided", {"decision_on": SUBMITTED}, EndReason.MET),
        row("withdrawn", {"supplied": False}, EndReason.WITHDRAWN),
        row("decided, then withdrawn", {"decision_on": SUBMITTED, "supplied": False}, EndReason.WITHDRAWN),
    ],
)
def test_a_referral_that_is_not_undecided_is_not_owed(given, end):
    facts = case(opened_on=SUBMITTED, referrals=[referral(submitted_on=SUBMITTED, **given)])
    found = nothing("charging-decision", facts)
    assert (found.subject, found.end) == ("referral:F1", end)


def test_each_referral_is_an_obligation_of_its_own():
    facts = case(
        opened_on=SUBMITTED,
        referrals=[
            referral(submitted_on=SUBMITTED, ref="F1", decision_on=SUBMITTED),
            referral(submitted_on=SUBMITTED, ref="F2"),
        ],
    )
    assert [found.subject for found in answers("charging-decision", facts)] == ["referral:F1", "referral:F2"]


def test_a_case_without_a_referral_answers_once():
    found = nothing("charging-decision", case(opened_on=SUBMITTED))
    assert (found.subject, found.end) == ("case", EndReason.OUT_OF_SCOPE)


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("other", {"classification": Classification.OTHER}, EndReason.OUT_OF_SCOPE),
        row("finalised", {"finalised_on": SUBMITTED}, EndReason.FINALISED),
    ],
)
def test_a_case_it_is_not_for_answers_once(given, end):
    facts = case(opened_on=SUBMITTED, referrals=[referral(submitted_on=SUBMITTED)], **given)
    found = nothing("charging-decision", facts)
    assert (found.subject, found.end) == ("case", end)


@pytest.mark.parametrize(
    ("required_by", "words"),
    [
        row("within", None, "referral submitted Mon 2 Mar 2026 + 5 days = Sat 7 Mar 2026"),
        row("by the day", "Fri 6 Mar 2026", "decision required by Fri 6 Mar 2026"),
    ],
)
def test_it_says_its_arithmetic(required_by, words):
    referrals = [referral(submitted_on=SUBMITTED, required_by=required_by)]
    found = owed("charging-decision", case(opened_on=SUBMITTED, referrals=referrals))
    assert arithmetic.sentence(found.because, CALENDAR) == words


@pytest.mark.parametrize(
    ("decision_on", "end"),
    [row("not there", None, EndReason.UNSEEN), row("there all the same", SUBMITTED, EndReason.MET)],
)
def test_a_decision_whose_column_is_not_sent_cannot_be_seen(decision_on, end):
    facts = case(opened_on=SUBMITTED, referrals=[referral(submitted_on=SUBMITTED, decision_on=decision_on)])
    found = nothing("charging-decision", unseen(facts, "referrals.csv: decision_on"))
    assert (found.subject, found.end) == ("referral:F1", end)
    assert end is EndReason.MET or found.why == "cannot be seen: referrals.csv of niche-45 has no column decision_on"


def test_it_arose_when_the_referral_was_submitted():
    facts = case(opened_on=day("Sun 1 Feb 2026"), referrals=[referral(submitted_on=SUBMITTED)])
    assert owed("charging-decision", facts).arose_on == SUBMITTED

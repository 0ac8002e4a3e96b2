"""The rule `joint-review`: intervals by risk, new incidents, and the reviews that count."""

import pytest

from config.terms import Classification, EndReason, OwedBy, Risk, Severity
from models.rules import arithmetic
from models.rules.obligations.severity import severity
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, case, incident, joint, nothing, owed, supervisors

OPENED = day("Mon 2 Mar 2026")


@pytest.mark.parametrize(
    ("opened", "quorate", "reported", "due"),
    [
        row("never reviewed: from opening", "Mon 2 Mar 2026", None, None, "Mon 16 Mar 2026"),
        row("the last quorate review counts", "Mon 2 Feb 2026", "Mon 2 Mar 2026", None, "Mon 16 Mar 2026"),
        row("a review before opening counts as it is", "Mon 9 Mar 2026", "Mon 2 Mar 2026", None, "Mon 16 Mar 2026"),
        row("a new incident brings it forward", "Mon 2 Mar 2026", None, "Tue 3 Mar 2026", "Tue 10 Mar 2026"),
        row(
            "an incident the day before the anchor is old", "Mon 2 Mar 2026", None, "Sun 1 Mar 2026", "Mon 16 Mar 2026"
        ),
        row("an incident on the anchor day is old", "Mon 2 Mar 2026", None, "Mon 2 Mar 2026", "Mon 16 Mar 2026"),
        row("an incident whose day is the same day", "Mon 2 Mar 2026", None, "Mon 9 Mar 2026", "Mon 16 Mar 2026"),
        row("a late incident does not postpone it", "Mon 2 Mar 2026", None, "Tue 10 Mar 2026", "Mon 16 Mar 2026"),
        row("an incident after a review", "Mon 2 Feb 2026", "Mon 2 Mar 2026", "Tue 3 Mar 2026", "Tue 10 Mar 2026"),
        row("a review after an incident", "Mon 2 Feb 2026", "Mon 2 Mar 2026", "Tue 3 Feb 2026", "Mon 16 Mar 2026"),
        row("Easter is not worked", "Thu 26 Mar 2026", None, None, "Mon 13 Apr 2026"),
        row("opened on a Saturday", "Sat 28 Feb 2026", None, None, "Fri 13 Mar 2026"),
    ],
)
def test_a_high_risk_case_is_jointly_reviewed_every_ten_working_days(opened, quorate, reported, due):
    reviews = [joint(held_on=quorate)] if quorate else []
    incidents = [incident(reported_on=reported)] if reported else []
    found = owed("joint-review", case(opened_on=opened, reviews=reviews, incidents=incidents))
    assert (found.due_on, found.done_on, found.owed_by, found.subject) == (due, quorate, OwedBy.BOTH, "case")


@pytest.mark.parametrize(
    ("risk", "due", "remind", "escalate"),
    [
        row("high", Risk.HIGH, "Mon 16 Mar 2026", "Mon 9 Mar 2026", "Wed 18 Mar 2026"),
        row("unknown reads as high", Risk.UNKNOWN, "Mon 16 Mar 2026", "Mon 9 Mar 2026", "Wed 18 Mar 2026"),
        row("medium", Risk.MEDIUM, "Mon 30 Mar 2026", "Mon 23 Mar 2026", "Wed 8 Apr 2026"),
        row("standard", Risk.STANDARD, "Wed 29 Apr 2026", "Wed 22 Apr 2026", "Thu 14 May 2026"),
    ],
)
def test_the_interval_and_the_escalation_follow_the_risk(risk, due, remind, escalate):
    found = owed("joint-review", case(opened_on=OPENED, risk=risk))
    assert (found.due_on, found.remind_on, found.escalate_on) == (due, remind, escalate)


def test_a_review_held_on_its_due_day_is_in_time():
    before = owed("joint-review", case(opened_on=OPENED))
    held_on = before.due_on
    after = owed("joint-review", case(opened_on=OPENED, reviews=[joint(held_on=held_on)]))
    assert severity(before.due_on, before.remind_on, before.escalate_on, held_on) is Severity.DUE_SOON
    assert (after.done_on, after.due_on) == (held_on, day("Mon 30 Mar 2026"))


@pytest.mark.parametrize(
    "review",
    [
        row("not quorate", joint(held_on=day("Tue 10 Mar 2026"), quorate=False)),
        row("a supervisor's", supervisors(held_on=day("Tue 10 Mar 2026"))),
        row("withdrawn", joint(held_on=day("Tue 10 Mar 2026"), supplied=False)),
    ],
)
def test_a_review_that_is_not_quorate_does_not_count(review):
    found = owed("joint-review", case(opened_on=OPENED, reviews=[review]))
    assert (found.due_on, found.done_on) == (day("Mon 16 Mar 2026"), None)


def test_a_withdrawn_incident_does_not_bring_it_forward():
    incidents = [incident(reported_on=day("Tue 3 Mar 2026"), supplied=False)]
    assert owed("joint-review", case(opened_on=OPENED, incidents=incidents)).due_on == day("Mon 16 Mar 2026")


def test_the_earliest_of_several_new_incidents_counts():
    incidents = [incident(reported_on=day("Thu 5 Mar 2026")), incident(reported_on=day("Tue 3 Mar 2026"))]
    assert owed("joint-review", case(opened_on=OPENED, incidents=incidents)).due_on == day("Tue 10 Mar 2026")


def test_a_review_and_an_incident_of_a_linked_case_count():
    found = owed(
        "joint-review",
        case(
            opened_on=day("Mon 2 Feb 2026"),
            reviews=[joint(held_on=day("Mon 9 Feb 2026"))],
            linked_reviews=[joint(held_on=OPENED)],
            linked_incidents=[incident(reported_on=day("Tue 3 Mar 2026"))],
        ),
    )
    assert (found.done_on, found.due_on) == (OPENED, day("Tue 10 Mar 2026"))


def test_only_the_principal_of_linked_cases_owes_it():
    found = nothing("joint-review", case(opened_on=OPENED, principal=False))
    assert (found.subject, found.end) == ("case", EndReason.OUT_OF_SCOPE)
    assert "principal" in found.why


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("harassment", {"classification": Classification.HARASSMENT}, EndReason.OUT_OF_SCOPE),
        row("other", {"classification": Classification.OTHER}, EndReason.OUT_OF_SCOPE),
        row("finalised", {"finalised_on": OPENED}, EndReason.FINALISED),
        row(
            "finalised goes before all else",
            {"finalised_on": OPENED, "classification": Classification.OTHER},
            EndReason.FINALISED,
        ),
    ],
)
def test_a_case_out_of_scope_owes_no_joint_review(given, end):
    assert nothing("joint-review", case(opened_on=OPENED, **given)).end is end


def test_a_charged_case_still_owes_it():
    assert owed("joint-review", case(opened_on=OPENED, charged_on=OPENED)).due_on == day("Mon 16 Mar 2026")


@pytest.mark.parametrize(
    ("quorate", "reported", "words"),
    [
        row(
            "reviewed, no incident",
            "Mon 2 Mar 2026",
            None,
            "last joint review Mon 2 Mar 2026 + 10 working days = Mon 16 Mar 2026; no incident since",
        ),
        row(
            "never reviewed",
            None,
            None,
            "case opened Mon 2 Feb 2026 + 10 working days = Mon 16 Feb 2026; no incident since",
        ),
        row(
            "an incident since",
            "Mon 2 Mar 2026",
            "Tue 3 Mar 2026",
            "last joint review Mon 2 Mar 2026 + 10 working days = Mon 16 Mar 2026; first incident reported since "
            "Tue 3 Mar 2026 + 5 working days = Tue 10 Mar 2026; the earlier day counts",
        ),
        row(
            "an incident since, the same day",
            "Mon 2 Mar 2026",
            "Mon 9 Mar 2026",
            "last joint review Mon 2 Mar 2026 + 10 working days = Mon 16 Mar 2026; first incident reported since "
            "Mon 9 Mar 2026 + 5 working days = Mon 16 Mar 2026; the same day",
        ),
    ],
)
def test_it_says_its_arithmetic(quorate, reported, words):
    reviews = [joint(held_on=quorate)] if quorate else []
    incidents = [incident(reported_on=reported)] if reported else []
    found = owed("joint-review", case(opened_on=day("Mon 2 Feb 2026"), reviews=reviews, incidents=incidents))
    assert arithmetic.sentence(found.because, CALENDAR) == words

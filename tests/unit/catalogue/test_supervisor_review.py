"""The rule `supervisor-review`: a supervisor's review at intervals by risk."""

import pytest

from config.terms import Classification, EndReason, OwedBy, Risk
from models.rules import arithmetic
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, case, joint, nothing, owed, supervisors

OPENED = day("Mon 2 Mar 2026")


@pytest.mark.parametrize(
    ("risk", "due", "remind", "escalate"),
    [
        row("high", Risk.HIGH, "Mon 9 Mar 2026", "Thu 5 Mar 2026", "Mon 16 Mar 2026"),
        row("unknown reads as high", Risk.UNKNOWN, "Mon 9 Mar 2026", "Thu 5 Mar 2026", "Mon 16 Mar 2026"),
        row("medium", Risk.MEDIUM, "Mon 16 Mar 2026", "Thu 12 Mar 2026", "Mon 23 Mar 2026"),
        row("standard", Risk.STANDARD, "Mon 30 Mar 2026", "Thu 26 Mar 2026", "Wed 8 Apr 2026"),
    ],
)
def test_a_supervisor_reviews_by_risk_from_opening(risk, due, remind, escalate):
    found = owed("supervisor-review", case(opened_on=OPENED, risk=risk))
    assert (found.due_on, found.remind_on, found.escalate_on) == (due, remind, escalate)
    assert (found.owed_by, found.done_on, found.subject) == (OwedBy.POLICE, None, "case")


@pytest.mark.parametrize(
    ("reviews", "due"),
    [
        row("a supervisor's", [supervisors(held_on=day("Fri 6 Mar 2026"))], "Fri 13 Mar 2026"),
        row("a quorate joint one", [joint(held_on=day("Fri 6 Mar 2026"))], "Fri 13 Mar 2026"),
        row(
            "joint without CPS does not count", [joint(held_on=day("Fri 6 Mar 2026"), quorate=False)], "Mon 9 Mar 2026"
        ),
        row("withdrawn does not count", [supervisors(held_on=day("Fri 6 Mar 2026"), supplied=False)], "Mon 9 Mar 2026"),
        row(
            "the latest of either kind, whichever comes first",
            [supervisors(held_on=day("Sat 7 Mar 2026")), joint(held_on=day("Fri 6 Mar 2026"))],
            "Sat 14 Mar 2026",
        ),
    ],
)
def test_the_latest_review_of_either_kind_restarts_it(reviews, due):
    assert owed("supervisor-review", case(opened_on=OPENED, reviews=reviews)).due_on == due


def test_a_review_of_a_linked_case_does_not_count():
    found = owed("supervisor-review", case(opened_on=OPENED, linked_reviews=[joint(held_on=day("Fri 6 Mar 2026"))]))
    assert found.due_on == day("Mon 9 Mar 2026")


def test_the_duty_was_last_done_on_the_day_of_the_latest_review():
    found = owed("supervisor-review", case(opened_on=OPENED, reviews=[supervisors(held_on=day("Fri 6 Mar 2026"))]))
    assert found.done_on == day("Fri 6 Mar 2026")


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("charged, which is what it was waiting for", {"charged_on": OPENED}, EndReason.MET),
        row("harassment", {"classification": Classification.HARASSMENT}, EndReason.OUT_OF_SCOPE),
        row("finalised", {"finalised_on": OPENED, "charged_on": OPENED}, EndReason.FINALISED),
    ],
)
def test_a_case_it_is_not_for_owes_none(given, end):
    assert nothing("supervisor-review", case(opened_on=OPENED, **given)).end is end


@pytest.mark.parametrize(
    ("reviews", "words"),
    [
        row("none yet", [], "case opened Mon 2 Mar 2026 + 7 days = Mon 9 Mar 2026; no review yet"),
        row(
            "reviewed",
            [supervisors(held_on=day("Fri 6 Mar 2026"))],
            "last review Fri 6 Mar 2026 + 7 days = Fri 13 Mar 2026",
        ),
    ],
)
def test_it_says_its_arithmetic(reviews, words):
    found = owed("supervisor-review", case(opened_on=OPENED, reviews=reviews))
    assert arithmetic.sentence(found.because, CALENDAR) == words

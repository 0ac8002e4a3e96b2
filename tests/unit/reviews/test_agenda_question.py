"""The one question that a joint review has to decide on a case."""

from datetime import timedelta

import pytest

from config.sittings import ReviewDecision
from config.terms import Severity
from models.rules.reviews.agenda_order import RankedObligation
from models.rules.reviews.agenda_question import Ask, LastDecision, question
from tests.worlds.days import day, row

TODAY = day("Thu 12 Mar 2026")
SITS = day("Tue 17 Mar 2026")
SUBMIT = LastDecision((ReviewDecision.FURTHER_ACTIONS, ReviewDecision.SUBMIT_TO_CPS), submitted=False)


def owed(due_in, *, hard=False, severity=Severity.OVERDUE):
    return RankedObligation(hard, True, TODAY + timedelta(days=due_in), severity)


def asked(*ones, last=None):
    return tuple(question(ones, last, TODAY, SITS))


@pytest.mark.parametrize(
    ("due_in", "ask"),
    [
        row("it ran out 29 days ago", -29, Ask.STAGE),
        row("it ran out 28 days ago", -28, Ask.LIMIT),
        row("it ran out yesterday", -1, Ask.LIMIT),
        row("today is its last day", 0, Ask.LIMIT),
        row("it ends 14 days after the sitting", 19, Ask.LIMIT),
        row("it ends 15 days after it", 20, Ask.STAGE),
    ],
)
def test_a_limit_that_ends_before_the_next_sitting_is_the_question(due_in, ask):
    assert asked(owed(due_in, hard=True))[0] is ask


def test_a_limit_that_runs_comes_before_one_that_ran_out_and_the_nearest_before_others():
    limits = [owed(due, hard=True) for due in (-1, 9, 3, -2)]
    assert asked(*limits) == (Ask.LIMIT, 2)
    assert asked(limits[3], limits[0]) == (Ask.LIMIT, 1)


def test_what_was_decided_and_not_done_comes_before_what_is_late():
    late = owed(-9)
    assert asked(late, last=SUBMIT) == (Ask.SUBMISSION, None)
    assert asked(late, last=SUBMIT._replace(submitted=True)) == (Ask.OWED, 0)
    for decision in (ReviewDecision.CLOSE, ReviewDecision.NFA_PROPOSED):
        assert asked(late, last=LastDecision((decision,), submitted=False)) == (Ask.CLOSING, None)
    assert asked(late, last=LastDecision((ReviewDecision.CONTINUE,), submitted=False)) == (Ask.OWED, 0)


def test_of_what_is_late_the_critical_and_then_the_longest_is_asked_about():
    critical = Severity.CRITICALLY_OVERDUE
    assert asked(owed(-9), owed(-2, severity=critical), owed(-3, severity=critical)) == (Ask.OWED, 2)
    assert asked(owed(0), owed(4)) == (Ask.STAGE, None)
    assert asked() == (Ask.STAGE, None)

"""The rule `prosecutor-training`: first training, and renewal before it expires."""

import pytest

from config.terms import Agency, EndReason, OwedBy
from models.rules import arithmetic
from models.rules.obligations.rulebook import evaluate_without_case
from models.rules.organisation_facts import LearnerFact, TrainingFact
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, POLICY

OPENED = day("Mon 2 Mar 2026")


def training(*, active_from=None, opened_on=OPENED, seen_on=None, withdrawn=False, left=False, seen=True, **held):
    held_by_them = TrainingFact(**held)
    learner = LearnerFact("PR1", Agency.CPS, withdrawn, left, active_from, opened_on, seen_on, held_by_them, seen)
    ((rule, found),) = evaluate_without_case("prosecutor-training", learner, POLICY.rules, CALENDAR)
    assert (rule, found.subject) == ("prosecutor-training", "contact:PR1")
    return found


@pytest.mark.parametrize(
    ("active_from", "opened_on", "remind", "due", "escalate"),
    [
        row(
            "four months from the first such case, the month's last day where it has no 31st",
            None, "Fri 31 Oct 2025", "Wed 28 Jan 2026", "Sat 28 Feb 2026", "Fri 13 Mar 2026",
        ),
        row(
            "four months from the day they began, whatever the cases' days",
            "Mon 2 Mar 2026", "Thu 1 Jan 2026", "Tue 2 Jun 2026", "Thu 2 Jul 2026", "Thu 16 Jul 2026",
        ),
        row(
            "a weekend is not rolled over; ten working days from it are",
            None, "Wed 3 Dec 2025", "Tue 3 Mar 2026", "Fri 3 Apr 2026", "Mon 20 Apr 2026",
        ),
    ],
)  # fmt: skip
def test_a_prosecutor_is_trained_within_four_months(active_from, opened_on, remind, due, escalate):
    found = training(active_from=active_from, opened_on=opened_on)
    assert (found.owed_by, found.remind_on, found.due_on, found.escalate_on) == (OwedBy.CPS, remind, due, escalate)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        row("by the first case", {}, "earliest open stalking case opened Mon 2 Mar 2026 + 4 months = Thu 2 Jul 2026"),
        row(
            "by their first case before the day they were seen",
            {"seen_on": day("Sun 1 Mar 2026")},
            "earliest open stalking case opened Mon 2 Mar 2026 + 4 months = Thu 2 Jul 2026",
        ),
        row(
            "without a case, by the day they were seen",
            {"opened_on": None, "seen_on": OPENED},
            "first seen Mon 2 Mar 2026 + 4 months = Thu 2 Jul 2026",
        ),
        row("by their beginning", {"active_from": OPENED}, "active from Mon 2 Mar 2026 + 4 months = Thu 2 Jul 2026"),
        row("by the expiry", {"expires_on": day("Sun 1 Mar 2026")}, "the training expires Sun 1 Mar 2026"),
    ],
)
def test_the_sum_says_what_it_comes_from(facts, words):
    assert arithmetic.sentence(training(**facts).because, CALENDAR) == words


def test_training_that_expires_is_renewed_by_that_day_however_late_they_began():
    found = training(active_from=day("Mon 2 Mar 2026"), expires_on=day("Tue 31 Mar 2026"))
    assert (found.remind_on, found.due_on, found.escalate_on) == (
        day("Sat 28 Feb 2026"), day("Tue 31 Mar 2026"), day("Thu 16 Apr 2026"),
    )  # fmt: skip


def test_training_without_expiry_is_enough_even_beside_one_that_expires():
    found = training(for_good=True, expires_on=day("Tue 31 Mar 2026"))
    assert (found.end, found.why) == (EndReason.MET, "the training is recorded, and does not expire")


@pytest.mark.parametrize(
    ("facts", "end"),
    [
        row("training that no source sends cannot be seen", {"seen": False}, EndReason.UNSEEN),
        row("nor that what expires was renewed", {"seen": False, "expires_on": OPENED}, EndReason.UNSEEN),
        row("the same, trained for good", {"seen": False, "for_good": True}, EndReason.MET),
        row("left", {"left": True}, EndReason.OUT_OF_SCOPE),
        row("withdrawn by their source", {"withdrawn": True}, EndReason.WITHDRAWN),
        row("withdrawn, and past their last day", {"withdrawn": True, "left": True}, EndReason.WITHDRAWN),
        row("asked of holders of a case alone, without one by now", {"opened_on": None}, EndReason.OUT_OF_SCOPE),
        row("left, trained for good", {"left": True, "for_good": True}, EndReason.OUT_OF_SCOPE),
    ],
)
def test_who_is_gone_or_cannot_be_seen_owes_nothing(facts, end):
    assert training(**facts).end is end

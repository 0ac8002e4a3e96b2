"""The rule `spoc-role`: training of SPOCs, and its renewal."""

import pytest

from config.terms import Agency, EndReason, OwedBy
from models.rules import arithmetic
from models.rules.obligations.rulebook import evaluate_without_case
from models.rules.organisation_facts import LearnerFact, TrainingFact
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, POLICY

SEEN = day("Mon 2 Mar 2026")


def role(*, agency=Agency.POLICE, active_from=None, first_seen_on=SEEN, left=False, seen=True, **held):
    learner = LearnerFact("SP1", agency, False, left, active_from, None, first_seen_on, TrainingFact(**held), seen)
    ((rule, found),) = evaluate_without_case("spoc-role", learner, POLICY.rules, CALENDAR)
    assert (rule, found.subject) == ("spoc-role", "contact:SP1")
    return found


@pytest.mark.parametrize(
    ("active_from", "first_seen_on", "remind", "due", "escalate"),
    [
        row(
            "a month from the day first seen, Easter between",
            None, "Mon 2 Mar 2026", "Thu 26 Mar 2026", "Thu 2 Apr 2026", "Mon 20 Apr 2026",
        ),
        row(
            "a month from their beginning, though they were seen before",
            "Sat 31 Jan 2026", "Thu 1 Jan 2026", "Mon 23 Feb 2026", "Sat 28 Feb 2026", "Fri 13 Mar 2026",
        ),
    ],
)  # fmt: skip
def test_a_spoc_is_trained_for_the_role_within_a_month(active_from, first_seen_on, remind, due, escalate):
    found = role(active_from=active_from, first_seen_on=first_seen_on)
    assert (found.remind_on, found.due_on, found.escalate_on) == (remind, due, escalate)


@pytest.mark.parametrize(
    ("agency", "owed_by"),
    [row("police", Agency.POLICE, OwedBy.POLICE), row("cps", Agency.CPS, OwedBy.CPS)],
)
def test_their_own_agency_owes_it(agency, owed_by):
    found = role(agency=agency)
    assert found.owed_by is owed_by
    assert arithmetic.sentence(found.because, CALENDAR) == "first seen Mon 2 Mar 2026 + 1 month = Thu 2 Apr 2026"


def test_training_that_expires_is_renewed_by_that_day():
    assert role(expires_on=day("Sun 1 Mar 2026")).due_on == day("Sun 1 Mar 2026")


def test_training_without_expiry_is_enough():
    assert role(for_good=True).end is EndReason.MET


def test_training_that_no_source_sends_cannot_be_seen_and_nor_its_renewal():
    assert role(seen=False).end is EndReason.UNSEEN
    assert role(seen=False, expires_on=day("Sun 1 Mar 2026")).end is EndReason.UNSEEN


def test_a_spoc_who_has_left_is_out_of_scope():
    assert role(left=True).end is EndReason.OUT_OF_SCOPE

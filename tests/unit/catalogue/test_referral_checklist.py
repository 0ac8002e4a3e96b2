"""The rule `referral-checklist`: the missing items of each referral's checklist."""

import pytest

from config.terms import Classification, EndReason, OwedBy
from models.rules import arithmetic
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, answers, case, nothing, owed, referral

SUBMITTED = day("Thu 2 Apr 2026")


def test_missing_items_are_owed_from_the_day_of_the_referral():
    found = owed(
        "referral-checklist", case(opened_on=SUBMITTED, referrals=[referral(submitted_on=SUBMITTED, missing=("C01",))])
    )
    assert (found.subject, found.owed_by) == ("referral:F1", OwedBy.POLICE)
    assert (found.remind_on, found.due_on, found.escalate_on) == (SUBMITTED, SUBMITTED, day("Wed 8 Apr 2026"))


def test_a_harassment_case_owes_it_too():
    facts = case(
        opened_on=SUBMITTED,
        classification=Classification.HARASSMENT,
        referrals=[referral(submitted_on=SUBMITTED, missing=("C01",))],
    )
    assert owed("referral-checklist", facts).due_on == SUBMITTED


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("nothing is missing", {"missing": ()}, EndReason.MET),
        row("decided all the same", {"decision_on": SUBMITTED}, EndReason.MET),
        row("withdrawn", {"supplied": False}, EndReason.WITHDRAWN),
        row("decided, then withdrawn", {"decision_on": SUBMITTED, "supplied": False}, EndReason.WITHDRAWN),
    ],
)
def test_a_referral_that_is_whole_decided_or_withdrawn_owes_nothing(given, end):
    referrals = [referral(submitted_on=SUBMITTED, **{"missing": ("C01",), **given})]
    found = nothing("referral-checklist", case(opened_on=SUBMITTED, referrals=referrals))
    assert (found.subject, found.end) == ("referral:F1", end)


def test_each_referral_is_an_obligation_of_its_own():
    facts = case(
        opened_on=SUBMITTED,
        referrals=[
            referral(submitted_on=SUBMITTED, ref="F1", missing=("C01",)),
            referral(submitted_on=SUBMITTED, ref="F2", missing=("C02",)),
        ],
    )
    assert [found.subject for found in answers("referral-checklist", facts)] == ["referral:F1", "referral:F2"]


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("no referral", {"referrals": []}, EndReason.OUT_OF_SCOPE),
        row("other", {"classification": Classification.OTHER}, EndReason.OUT_OF_SCOPE),
        row("finalised", {"finalised_on": SUBMITTED}, EndReason.FINALISED),
    ],
)
def test_a_case_it_is_not_for_answers_once(given, end):
    ordinary = {"referrals": [referral(submitted_on=SUBMITTED, missing=("C01",))]}
    found = nothing("referral-checklist", case(opened_on=SUBMITTED, **{**ordinary, **given}))
    assert (found.subject, found.end) == ("case", end)


def test_it_names_the_missing_items():
    referrals = [referral(submitted_on=SUBMITTED, missing=("C03", "C11"))]
    found = owed("referral-checklist", case(opened_on=SUBMITTED, referrals=referrals))
    assert arithmetic.sentence(found.because, CALENDAR) == (
        "referral submitted Thu 2 Apr 2026; of the checklist C03, C11 missing"
    )

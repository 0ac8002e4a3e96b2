"""The rule `charge-not-stalking`: prosecutors say why a charge is not stalking."""

import pytest

from config.terms import Classification, EndReason, OwedBy, Relationship
from models.rules import arithmetic
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, case, nothing, owed, referral

OPENED, CHARGED = day("Mon 2 Mar 2026"), day("Thu 2 Apr 2026")
HARASSMENT = Classification.HARASSMENT


def charged(**given):
    return case(**{"opened_on": OPENED, "charged_on": CHARGED, "charged_codes": ("PH97004",)} | given)


def test_prosecutors_too_say_why_a_stalking_case_is_not_charged_as_stalking():
    found = owed("charge-not-stalking", charged())
    assert (found.subject, found.owed_by, found.due_on) == ("case", OwedBy.CPS, day("Tue 7 Apr 2026"))
    assert (found.remind_on, found.escalate_on, found.arose_on) == (CHARGED, day("Thu 9 Apr 2026"), CHARGED)


@pytest.mark.parametrize(
    ("codes", "asked"),
    [
        row("harassment", ("PH97004",), True),
        row("another offence", ("CJ88116",), True),
        row("breach of a restraining order alone", ("SE20002",), True),
        row("stalking beside it", ("CJ88116", "ph97011b"), False),
        row("no code", (), False),
    ],
)
def test_it_is_for_a_charge_without_a_stalking_code(codes, asked):
    if asked:
        assert owed("charge-not-stalking", charged(charged_codes=codes))
    else:
        assert nothing("charge-not-stalking", charged(charged_codes=codes)).end is EndReason.OUT_OF_SCOPE


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("harassment, nothing raises the question", {}, EndReason.MET),
        row("by a former partner", {"relationship": Relationship.EX_PARTNER}, None),
        row("referred", {"referrals": [referral(submitted_on=OPENED)]}, None),
        row("once stalking", {"declassified_on": OPENED}, None),
    ],
)
def test_a_harassment_case_is_asked_where_police_are_asked_why_it_is_not_stalking(given, end):
    facts = charged(classification=HARASSMENT, **given)
    if end is None:
        assert owed("charge-not-stalking", facts)
    else:
        assert nothing("charge-not-stalking", facts).end is end


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("the reason is recorded", {"not_stalking_reason_on": CHARGED}, EndReason.MET),
        row("not charged", {"charged_on": None}, EndReason.OUT_OF_SCOPE),
        row("neither", {"classification": Classification.OTHER}, EndReason.OUT_OF_SCOPE),
        row("finalised", {"finalised_on": CHARGED}, EndReason.FINALISED),
    ],
)
def test_otherwise_nothing_is_owed(given, end):
    assert nothing("charge-not-stalking", charged(**given)).end is end


def test_it_says_its_arithmetic():
    found = owed("charge-not-stalking", charged(charged_on=OPENED))
    assert arithmetic.sentence(found.because, CALENDAR) == (
        "suspect charged Mon 2 Mar 2026 + 1 working day = Tue 3 Mar 2026; with no stalking offence"
    )

"""The rule `advocate-referral`: the victim is referred to an independent advocate."""

import pytest

from config.presumption import Presumption
from config.terms import Classification, EndReason, OwedBy, Relationship
from models.rules import arithmetic
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, case, nothing, owed

OPENED = day("Thu 2 Apr 2026")
HARASSED = {"classification": Classification.HARASSMENT, "relationship": Relationship.EX_PARTNER}


def test_it_is_due_two_working_days_after_the_opening():
    found = owed("advocate-referral", case(opened_on=OPENED))
    assert (found.subject, found.owed_by, found.due_on) == ("case", OwedBy.POLICE, day("Wed 8 Apr 2026"))
    assert (found.remind_on, found.escalate_on) == (day("Tue 7 Apr 2026"), day("Fri 10 Apr 2026"))


@pytest.mark.parametrize("column", ["advocate_referred_on", "advocate_declined_on"])
def test_a_referral_and_a_refusal_are_answers_whatever_their_day(column):
    found = nothing("advocate-referral", case(opened_on=OPENED, **{column: day("Wed 1 Apr 2026")}))
    assert (found.end, found.on) == (EndReason.MET, day("Wed 1 Apr 2026"))


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row(
            "harassment that nothing makes a question",
            {"classification": Classification.HARASSMENT},
            EndReason.OUT_OF_SCOPE,
        ),
        row("other", {"classification": Classification.OTHER}, EndReason.OUT_OF_SCOPE),
        row("finalised", {"finalised_on": OPENED}, EndReason.FINALISED),
    ],
)
def test_otherwise_nothing_is_owed(given, end):
    assert nothing("advocate-referral", case(opened_on=OPENED, **given)).end is end


def test_a_presumed_case_says_since_when_it_is_watched():
    found = owed("advocate-referral", case(opened_on=OPENED, **HARASSED))
    assert arithmetic.sentence(found.because, CALENDAR) == (
        "case against a former partner opened Thu 2 Apr 2026 + 2 working days = Wed 8 Apr 2026 (not counting Good "
        "Friday Fri 3 Apr 2026 and Easter Monday Mon 6 Apr 2026)"
    )


def test_where_the_policy_presumes_nothing_harassment_owes_nothing():
    facts = case(opened_on=OPENED, **HARASSED)._replace(presumption=Presumption.OFF)
    assert nothing("advocate-referral", facts).end is EndReason.OUT_OF_SCOPE

"""The rule `closed-silently`: a joint review of a stalking case that was finalised administratively."""

import pytest

from config.terms import Classification, EndReason, FinalisedReason, OwedBy
from models.rules import arithmetic
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, case, joint, nothing, owed, supervisors

OPENED, FINALISED = day("Mon 2 Mar 2026"), day("Thu 2 Apr 2026")


def closed(**given):
    known = {"finalised_on": FINALISED, "finalised_reason": FinalisedReason.ADMINISTRATIVE}
    return case(opened_on=OPENED, **{**known, **given})


@pytest.mark.parametrize(
    ("reviews", "reviewed"),
    [
        row("none", [], False),
        row("the day before", [joint(held_on=day("Wed 1 Apr 2026"))], False),
        row("on the day", [joint(held_on=day("Thu 2 Apr 2026"))], True),
        row("the day after", [joint(held_on=day("Fri 3 Apr 2026"))], True),
        row("long after", [joint(held_on=day("Fri 1 May 2026"))], True),
        row("not quorate", [joint(held_on=FINALISED, quorate=False)], False),
        row("withdrawn", [joint(held_on=FINALISED, supplied=False)], False),
        row("a supervisor's", [supervisors(held_on=FINALISED)], False),
    ],
)
@pytest.mark.parametrize("whose", ["reviews", "linked_reviews"])
def test_a_stalking_case_closed_administratively_needs_a_joint_review_of_any_linked_case(whose, reviews, reviewed):
    facts = closed(**{whose: reviews})
    if reviewed:
        assert nothing("closed-silently", facts).end is EndReason.MET
    else:
        found = owed("closed-silently", facts)
        assert (found.subject, found.owed_by, found.due_on) == ("case", OwedBy.BOTH, day("Tue 7 Apr 2026"))


def test_one_that_is_not_the_principal_owes_it_too():
    assert owed("closed-silently", closed(principal=False)).due_on == day("Tue 7 Apr 2026")


def test_it_reminds_a_working_day_before_and_escalates_two_after():
    found = owed("closed-silently", closed())
    assert (found.remind_on, found.escalate_on) == (FINALISED, day("Thu 9 Apr 2026"))


@pytest.mark.parametrize("reason", [None, *(each for each in FinalisedReason if each != "administrative")])
def test_a_case_finalised_for_another_reason_owes_none(reason):
    assert nothing("closed-silently", closed(finalised_reason=reason)).end is EndReason.OUT_OF_SCOPE


@pytest.mark.parametrize(
    "given",
    [
        row("open", {"finalised_on": None}),
        row("harassment", {"classification": Classification.HARASSMENT}),
        row("other", {"classification": Classification.OTHER}),
    ],
)
def test_a_case_it_is_not_for_owes_none(given):
    found = nothing("closed-silently", closed(**given))
    assert (found.subject, found.end) == ("case", EndReason.OUT_OF_SCOPE)


def test_it_says_its_arithmetic():
    found = owed("closed-silently", closed(finalised_on=day("Mon 2 Mar 2026")))
    assert arithmetic.sentence(found.because, CALENDAR) == (
        "case finalised administratively Mon 2 Mar 2026 + 1 working day = Tue 3 Mar 2026; no joint review since"
    )

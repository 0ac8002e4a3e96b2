"""The rule `nfa-review`: a stalking case ended with no further action is reviewed, and the victim told why."""

import pytest

from config.numbers import ClosingNumbers
from config.terms import Classification, EndReason, FinalisedReason, OwedBy
from models.rules import arithmetic
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, POLICY, case, nothing, owed

OPENED, ENDED = day("Mon 2 Mar 2026"), day("Thu 2 Apr 2026")
NFA_POLICE, NFA_CPS = FinalisedReason.NFA_POLICE, FinalisedReason.NFA_CPS


def ended(**given):
    return case(**{"opened_on": OPENED, "finalised_on": ENDED, "finalised_reason": NFA_POLICE} | given)


@pytest.mark.parametrize(
    ("reason", "owed_by"),
    [row("police ended it", NFA_POLICE, OwedBy.POLICE), row("CPS ended it", NFA_CPS, OwedBy.BOTH)],
)
def test_no_further_action_does_not_close_a_stalking_case_in_silence(reason, owed_by):
    found = owed("nfa-review", ended(finalised_reason=reason))
    assert (found.subject, found.owed_by, found.due_on) == ("case", owed_by, day("Tue 7 Apr 2026"))
    assert (found.remind_on, found.escalate_on, found.arose_on) == (found.due_on, day("Thu 9 Apr 2026"), ENDED)


@pytest.mark.parametrize(
    ("reviewed", "told", "asked"),
    [
        row("neither", None, None, ["the review by a supervisor", "the victim told why, and of the right to review"]),
        row("the victim not told", "Thu 2 Apr 2026", None, ["the victim told why, and of the right to review"]),
        row("not reviewed", None, "Thu 2 Apr 2026", ["the review by a supervisor"]),
        row("reviewed 28 days before", "Thu 5 Mar 2026", "Fri 3 Apr 2026", []),
        row("reviewed 29 days before", "Wed 4 Mar 2026", "Fri 3 Apr 2026", ["the review by a supervisor"]),
        row("told 28 days before", "Thu 2 Apr 2026", "Thu 5 Mar 2026", []),
        row(
            "told 29 days before",
            "Thu 2 Apr 2026",
            "Wed 4 Mar 2026",
            ["the victim told why, and of the right to review"],
        ),
    ],
)
def test_it_asks_for_the_supervisors_review_and_for_the_victim_to_be_told(reviewed, told, asked):
    facts = ended(nfa_reviewed_on=reviewed, nfa_victim_told_on=told)
    if asked:
        assert owed("nfa-review", facts).because[0].note == f"not recorded yet: {', '.join(asked)}"
    else:
        assert nothing("nfa-review", facts).end is EndReason.MET


def test_a_case_that_was_once_stalking_owes_it_too():
    assert owed("nfa-review", ended(classification=Classification.OTHER, declassified_on=ENDED))


@pytest.mark.parametrize(
    "given",
    [
        row("open, or open again", {"finalised_on": None}),
        row("never stalking", {"classification": Classification.HARASSMENT}),
        row("no reason given", {"finalised_reason": None}),
        row("charged and disposed of", {"finalised_reason": FinalisedReason.CHARGED_AND_DISPOSED}),
    ],
)
def test_a_case_it_is_not_for_owes_none(given):
    assert nothing("nfa-review", ended(**given)).end is EndReason.OUT_OF_SCOPE


def test_what_counts_lies_before_the_end():
    values = POLICY.rules.nfa_review.model_dump(exclude_none=True) | {"not_before": "1d"}
    with pytest.raises(ValueError, match="not_before 1d is after the end of the case"):
        ClosingNumbers.model_validate(values)


def test_it_says_its_arithmetic():
    found = owed("nfa-review", ended(finalised_on=OPENED, nfa_reviewed_on=OPENED))
    assert arithmetic.sentence(found.because, CALENDAR) == (
        "case ended with no further action Mon 2 Mar 2026 + 1 working day = Tue 3 Mar 2026; not recorded yet: the "
        "victim told why, and of the right to review"
    )

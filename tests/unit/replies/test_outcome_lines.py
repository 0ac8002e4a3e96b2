"""The lines of a reply that records what came of a meeting: what each says of its case."""

import pytest

from config.sittings import Enquiries, Pattern, ReviewDecision
from models.rules.replies.outcome_lines import USUAL, SaidOutcome, outcome_lines
from tests.worlds.days import row

CONTINUE, NOT_REACHED = frozenset({ReviewDecision.CONTINUE}), frozenset({ReviewDecision.NOT_REACHED})


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        row("as prepared", USUAL, SaidOutcome(True, True, True, CONTINUE)),
        row("police alone", "Police only, continue.", SaidOutcome(True, True, False, CONTINUE)),
        row("CPS alone", "CPS only,continue", SaidOutcome(True, False, True, CONTINUE)),
        row("not held", "not held", SaidOutcome(False)),
        row("not reached", "not reached", SaidOutcome(False, decisions=NOT_REACHED)),
        row("more", "held, submit to CPS, no further action proposed, stalking, gaps found", SaidOutcome(
            True, True, True, frozenset({ReviewDecision.SUBMIT_TO_CPS, ReviewDecision.NFA_PROPOSED}),
            Pattern.STALKING, enquiries=Enquiries.GAPS_FOUND,
        )),
        row("nothing that is known", "all went well", None),
        row("a word that is not known", "held, continue, see my note", None),
    ],
)  # fmt: skip
def test_a_line_says_whether_it_was_held_who_attended_and_what_was_decided(words, outcome):
    (line,) = outcome_lines(f"45/C1: {words}")
    assert (line.case, line.said) == ("45/c1", outcome)


def test_each_case_has_its_line_and_what_is_quoted_or_names_no_case_is_skipped():
    text = "Hi, as follows\n\n45/C1: held, continue\n- 45/C2 : not held\n45/C1: not held\n\n> 45/C3: held, continue\n"
    assert [line.case for line in outcome_lines(text)] == ["45/c1", "45/c2"]

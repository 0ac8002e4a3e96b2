"""The lines of a reply that records what came of a meeting: what each says of its case."""

import pytest

from config.sittings import Enquiries, Pattern, ReviewDecision
from models.rules.replies.outcome_lines import SaidAction, SaidOutcome, Unread, outcome_lines
from tests.worlds.days import day, row

TODAY = day("Tue 17 Mar 2026")
CONTINUE, NOT_REACHED = frozenset({ReviewDecision.CONTINUE}), frozenset({ReviewDecision.NOT_REACHED})
CCTV = SaidAction("cctv", "p45of1", day("Tue 24 Mar 2026"))


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        row("both", "held, continue", SaidOutcome(True, True, True, CONTINUE)),
        row("without a comma", "held continue", SaidOutcome(True, True, True, CONTINUE)),
        row("police alone", "Police only, continue.", SaidOutcome(True, True, False, CONTINUE)),
        row("CPS alone", "CPS only,continue", SaidOutcome(True, False, True, CONTINUE)),
        row("not held", "not held", SaidOutcome(False)),
        row("not reached", "not reached", SaidOutcome(False, decisions=NOT_REACHED)),
        row("more", "held, submit_to_cps and no further action proposed, stalking, gaps found", SaidOutcome(
            True, True, True, frozenset({ReviewDecision.SUBMIT_TO_CPS, ReviewDecision.NFA_PROPOSED}),
            Pattern.STALKING, enquiries=Enquiries.GAPS_FOUND,
        )),
    ],
)  # fmt: skip
def test_a_line_says_whether_it_was_held_who_attended_and_what_was_decided(words, outcome):
    (line,) = outcome_lines(f"45/C1: {words}", TODAY)
    assert (line.case, line.said, line.unread) == ("45/c1", outcome, None)


@pytest.mark.parametrize(
    "words",
    [
        row("nothing that is known", "all went well"),
        row("a word that is not known", "held, continue, see my note"),
        row("the decision first", "continue, held"),
        row("held and not held", "not held, held"),
        row("two findings", "held, continue, stalking, harassment with rationale"),
    ],
)
def test_a_line_of_which_not_all_is_understood_says_nothing(words):
    (line,) = outcome_lines(f"45/C1: {words}", TODAY)
    assert (line.said, line.unread) == (None, Unread.WORDS)


def test_each_case_has_its_line_and_what_is_quoted_or_names_no_case_is_skipped():
    text = "Hi, as follows\n\n45/C1: held, continue\n- 45/C2 : not held\n\n> 45/C3: held, continue\n"
    assert [line.case for line in outcome_lines(text, TODAY)] == ["45/c1", "45/c2"]


def test_a_line_left_blank_says_nothing():
    (line,) = outcome_lines("45/C1: \n", TODAY)
    assert line.blank


def test_lines_of_one_case_that_differ_are_not_understood():
    first, second = outcome_lines("45/C1: held, continue\n45/C2: not held\n45/C1: not held\n45/C2: not held", TODAY)
    assert (first.unread, second.unread) == (Unread.SEVERAL, None)


def test_actions_below_a_line_are_further_actions_of_its_case():
    actions = "new action: CCTV, P45of1, 24/3/2026\n\nNew action: SEARCH, P45of2, Tue 31 Mar"
    first, second = outcome_lines(f"45/C1: held, continue\n{actions}\n45/C2: not held", TODAY)
    assert first.said
    assert first.said.decisions == CONTINUE | {ReviewDecision.FURTHER_ACTIONS}
    assert first.said.actions == {CCTV, SaidAction("search", "p45of2", day("Tue 31 Mar 2026"))}
    assert second.said == SaidOutcome(False)


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        row("no day", "45/C1: held, continue\nnew action: CCTV, P45of1", Unread.ACTION),
        row("a day that is none", "45/C1: held, continue\nnew action: CCTV, P45of1, 31/2/2026", Unread.ACTION),
        row("one that is read, one that is not", "45/C1: held, continue\nnew action: CCTV, P45of1, 24/3/2026\n"
            "new action: search the flat", Unread.ACTION),
        row("below a blank line", "45/C1:\nnew action: CCTV, P45of1, 24/3/2026", Unread.NO_OUTCOME),
        row("above every line", "new action: CCTV, P45of1, 24/3/2026", Unread.NO_CASE),
    ],
)  # fmt: skip
def test_an_action_that_cannot_be_read_leaves_its_case_unread(text, unread):
    (line,) = outcome_lines(text, TODAY)
    assert line.unread is unread

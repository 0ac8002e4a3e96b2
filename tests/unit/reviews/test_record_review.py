"""Recording the outcome of a case at its sitting, as tables: each boundary day named. Today is Wed 18 Mar 2026."""

import pytest

from config.sittings import Enquiries, Pattern, ReviewDecision
from config.terms import OwedBy
from models.rules.people.directory import Directory
from models.rules.people.parties import Parties
from models.rules.refusal import Refusal
from models.rules.reviews.record_review import (
    NewAction,
    ReviewOutcome,
    ReviewRecord,
    ReviewReport,
    ReviewState,
    SourcedReview,
    decide,
)
from tests.worlds.days import day, row
from tests.worlds.directory import PEOPLE

TODAY = day("Wed 18 Mar 2026")
TUESDAY = day("Tue 17 Mar 2026")
MATTER = Parties(OwedBy.BOTH, ("45",), ("South East",), "OIC", "SERGEANT", "PROSECUTOR")
CONTINUE, FURTHER = ReviewDecision.CONTINUE, ReviewDecision.FURTHER_ACTIONS
HELD = ReviewOutcome(True, True, True, frozenset({CONTINUE}))
NOT_HELD = ReviewOutcome(False)


def word(came=HELD, by="P-SPOC"):
    return ReviewReport(by, *came)


def asked(said=None, *, sat=TUESDAY, chair="COLLEAGUE", came=None, sourced=None):
    return decide(said or word(), ReviewState(sat, chair, came, sourced), MATTER, Directory(PEOPLE), TODAY)


def action(kind="CCTV", owner="OIC", due="Tue 31 Mar 2026"):
    return NewAction(kind, owner, day(due))


def with_actions(*actions):
    return HELD._replace(decisions=frozenset({FURTHER}), actions=frozenset(actions))


def faults(decided):
    assert isinstance(decided, Refusal), decided
    return " ".join(decided.faults)


@pytest.mark.parametrize(
    "by",
    ["COLLEAGUE", "OIC", "DEPUTY", "SERGEANT", "P-SPOC", "P-LEAD", "PROSECUTOR", "MANAGER", "C-SPOC", "C-LEAD"],
)
def test_the_chair_and_either_side_may_record_it(by):
    assert asked(word(by=by)) == ReviewRecord(HELD, new=True)


@pytest.mark.parametrize("by", ["ELSEWHERE", "ACTION-OWNER"])
def test_nobody_else_may(by):
    assert f"{by} is not one of those who may say so" in faults(asked(word(by=by)))


@pytest.mark.parametrize("by", ["GONE", "NOBODY"])
def test_who_is_not_here_is_told_so_though_they_chair(by):
    assert faults(asked(word(by=by), chair=by)) == f"{by} is not a known contact who is active on Wed 18 Mar 2026."


def test_it_is_said_from_the_sittings_day_on():
    assert asked(sat=TODAY) == ReviewRecord(HELD, new=True)
    assert "The sitting is on Thu 19 Mar 2026" in faults(asked(sat=day("Thu 19 Mar 2026")))


@pytest.mark.parametrize(
    ("said", "says"),
    [
        row("not said whether", ReviewReport("P-SPOC", None), "State whether it was held"),
        row("held by whom", ReviewReport("P-SPOC", True, None, True, frozenset({CONTINUE})), "whether it attended"),
        row("held by nobody", word(HELD._replace(police_attended=False, cps_attended=False)),
            "A review that nobody attended"),
        row("nothing decided", word(HELD._replace(decisions=frozenset())),
            "State what was decided, one or more of continue, submit_to_cps, further_actions, nfa_proposed, close."),
        row("held, not reached", word(HELD._replace(decisions=frozenset({ReviewDecision.NOT_REACHED}))),
            "A review that was not reached was not held"),
        row("further actions, and none", word(with_actions()), "needs at least one action"),
        row("an action undecided", word(HELD._replace(actions=frozenset({action()}))), "needs the decision further_a"),
        row("not held, attended", word(ReviewOutcome(False, True)), "Nobody attends a review that is not held"),
        row("not held, decided", word(ReviewOutcome(False, decisions=frozenset({CONTINUE}))), "decides nothing"),
        row("not held, assessed", word(ReviewOutcome(False, pattern=Pattern.STALKING)), "decides nothing"),
        row("not held, looked at", word(ReviewOutcome(False, enquiries=Enquiries.GAPS_FOUND)), "looked at nothing"),
        row("not held, an action", word(ReviewOutcome(False, actions=frozenset({action()}))), "decides nothing"),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_refused(said, says):
    assert says in faults(asked(said))


@pytest.mark.parametrize("decisions", [frozenset(), frozenset({ReviewDecision.NOT_REACHED})])
def test_what_was_not_held_says_nothing_more_than_that_it_was_not_reached(decisions):
    came = ReviewOutcome(False, decisions=decisions)
    assert asked(word(came)) == ReviewRecord(came, new=True)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        row("an owner who left", {"owner": "GONE"}, "GONE, the owner of CCTV, is not a known contact"),
        row("an owner nobody knows", {"owner": "NOBODY"}, "NOBODY, the owner of CCTV"),
        row("yesterday", {"due": "Tue 17 Mar 2026"}, "the day of CCTV, has passed"),
        row("a year mistyped", {"due": "Sat 20 Mar 2027"}, "is more than a year ahead"),
        row("no kind", {"kind": "  "}, "An action needs its kind"),
        row("a kind on two lines", {"kind": "CC\nTV"}, "An action needs its kind"),
        row("an endless kind", {"kind": "K" * 65}, "An action needs its kind"),
        row("a sentence as its kind", {"kind": "CCTV of the High Street"}, "An action needs its kind as a code"),
    ],
)
def test_an_action_has_a_kind_an_owner_who_is_here_and_a_day_to_come(given, says):
    assert says in faults(asked(word(with_actions(action(**given)))))


@pytest.mark.parametrize("due", ["Wed 18 Mar 2026", "Fri 19 Mar 2027"])
def test_an_actions_day_is_today_at_the_earliest_and_within_a_year(due):
    assert isinstance(asked(word(with_actions(action(due=due)))), ReviewRecord)


def test_a_kind_is_the_same_in_any_case():
    decided = asked(word(with_actions(action(kind=" cell_site "))))
    assert decided.outcome.actions == {action(kind="CELL_SITE")}


@pytest.mark.parametrize("enquiries", Enquiries)
def test_what_was_seen_of_the_lines_of_enquiry_is_recorded_and_corrects_what_was_recorded(enquiries):
    came = HELD._replace(enquiries=enquiries)
    assert asked(word(came)) == asked(word(came), came=HELD) == ReviewRecord(came, new=True)
    assert asked(word(came), came=came) == ReviewRecord(came, new=False)


def test_the_same_record_changes_nothing_though_its_days_have_passed():
    came = with_actions(action(due="Tue 17 Mar 2026"))
    assert asked(word(came), came=came) == ReviewRecord(came, new=False)
    assert "not one of those" in faults(asked(word(came, by="ELSEWHERE"), came=came))


def test_a_correction_may_keep_an_action_whose_day_has_passed_and_add_none():
    came = with_actions(action(due="Tue 17 Mar 2026"))
    mended = came._replace(cps_attended=False)
    assert asked(word(mended), came=came) == ReviewRecord(mended, new=True)
    later = with_actions(*came.actions, action(kind="X", due="Tue 17 Mar 2026"))
    assert "the day of X, has passed" in faults(asked(word(later), came=came))


def test_an_earlier_record_may_be_corrected():
    assert asked(word(NOT_HELD), came=HELD) == ReviewRecord(NOT_HELD, new=True)


@pytest.mark.parametrize(
    ("attended", "sent"),
    [
        row("police alone", (True, False), "held, with police alone"),
        row("CPS alone", (False, True), "held, with CPS alone"),
        row("nobody said", (False, False), "held, with nobody that is named"),
    ],
)
def test_what_a_source_itself_records_of_that_day_is_the_sources_to_mend(attended, sent):
    told = faults(asked(sourced=SourcedReview("niche-45", "R1", *attended)))
    assert told.startswith(f"niche-45 itself records the joint review of that day (R1) as {sent}.")


def test_what_a_source_records_too_may_be_said_with_what_was_decided():
    assert asked(sourced=SourcedReview("niche-45", "R1", True, True)) == ReviewRecord(HELD, new=True)
    assert "as held, with police and CPS" in faults(
        asked(word(NOT_HELD), sourced=SourcedReview("niche-45", "R1", True, True))
    )


@pytest.mark.parametrize(
    ("came", "how"),
    [
        row("both", HELD, "held, with police and CPS"),
        row("police", HELD._replace(cps_attended=False), "held, with police alone"),
        row("not held", NOT_HELD, "not held"),
        row("not reached", ReviewOutcome(False, decisions=frozenset({ReviewDecision.NOT_REACHED})), "not reached"),
    ],
)
def test_an_outcome_is_described_by_who_attended_it(came, how):
    assert came.how == how


def test_every_reason_is_given_at_once():
    said = word(with_actions(action(owner="GONE"))._replace(cps_attended=None))
    told = faults(asked(said, sat=day("Thu 19 Mar 2026")))
    for says in ("whether it attended", "The sitting is on", "GONE, the owner of"):
        assert says in told

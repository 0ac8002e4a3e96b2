"""The sentences with which people are answered who record an outcome, move a case, or take either back."""

from datetime import date

import pytest

from config.sittings import ConveningReason
from models.queries.reviews.move_case import LastMove
from models.queries.reviews.undone_outcomes import RecordedOutcome
from models.rules.references import CaseReference, SittingCaseReference
from models.rules.reviews.record_review import ReviewOutcome
from tasks.reviews.convening import ConveningCounts
from tasks.reviews.extract_outcomes import OutcomeCounts
from tasks.reviews.move_back import MoveBackResult
from tasks.reviews.move_case import MoveResult
from tasks.reviews.record_review import ReviewResult
from tasks.reviews.undo_review import UndoneReview

DAY, NEXT = date(2026, 3, 17), date(2026, 3, 24)
NAMED = SittingCaseReference("45-1", CaseReference("45", "7"))
ABOUT = "The joint review of 45/7 on Tue 17 Mar 2026"


def outcome(by="P1", *, held=True, cps=True):
    return RecordedOutcome(1, by, "R1", DAY, True, False, cps, ReviewOutcome(held, True, cps), ())


@pytest.mark.parametrize(
    ("again", "new", "sentence"),
    [
        (None, False, "already. Nothing was changed."),
        (outcome(), False, "already. Nothing was changed."),
        (None, True, "Nothing is recorded of it now, and its outcome is owed."),
        (outcome("P2", cps=False), True, "What P2 recorded on Tue 17 Mar 2026 counts again: held, with police alone."),
        (outcome(None), True, "What an extract recorded on Tue 17 Mar 2026 counts again: held, with police and CPS."),
    ],
)
def test_an_outcome_that_is_taken_back_names_what_counts_instead(again, new, sentence):
    found = UndoneReview(NAMED, DAY, outcome(held=False), again, new).sentence
    taken = "what P1 recorded of it (not held) is taken back"
    assert found == f"{ABOUT}: {taken}{'.' if new else ''} {sentence}"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({}, "."), ({"new": False, "actions": ("A1",), "counts": False}, " already. Nothing was changed."),
        ({"counts": False}, ". It does not count: the review is still owed."),
        ({"actions": ("A1", "A2")}, ". Raised: A1, A2."),
    ],
)  # fmt: skip
def test_an_outcome_that_is_recorded_tells_whether_it_counts_and_what_it_raised(changed, sentence):
    made = ReviewResult(NAMED, DAY, ReviewOutcome(held=True, police_attended=True), (), new=True)
    assert made._replace(**changed).sentence == f"{ABOUT} is recorded as held, with police alone{sentence}"


MOVED = MoveResult("45/7", "45-2", NEXT, NEXT, new=True)
UNLESS = "or a case of high risk, or critically overdue, would otherwise be late."


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"new": False}, "45/7 sits at 45-2 by a person's word already. Nothing was changed."),
        (
            {},
            "45/7 sits at 45-2, on Tue 24 Mar 2026. It stays there unless its due day moves before that, " + UNLESS,
        ),
        (
            {"deadline_on": date(2026, 3, 23)},
            "45/7 sits at 45-2, on Tue 24 Mar 2026. That will be late: it should sit by Mon 23 Mar 2026. "
            "It stays there unless its due day moves further back, " + UNLESS,
        ),
    ],
)
def test_a_move_tells_whether_it_is_late_and_how_long_it_holds(changed, sentence):
    assert MOVED._replace(**changed).sentence == sentence


STAYS = "It stays there, on Tue 24 Mar 2026, and may be moved as any other case."
MOVE = LastMove(1, 2, "45-2", NEXT, 0, ConveningReason.CHOSEN, True, "P1", False, *[None] * (len(LastMove._fields) - 9))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"new": False}, "The move of 45/7 to 45-2 is taken back already. Nothing was changed."),
        ({}, "The move of 45/7 to 45-2 is taken back: it is at 45-1 again, on Tue 17 Mar 2026."),
        (
            {"sitting": "45-2", "day": NEXT},
            f"The move of 45/7 to 45-2 is taken back. {STAYS}",
        ),
        (
            {"sitting": "45-2", "day": NEXT, "stays": "is full", "move": MOVE._replace(before="45-1")},
            f"The move of 45/7 to 45-2 is taken back. 45-1 is full. {STAYS}",
        ),
    ],
)
def test_a_move_that_is_taken_back_tells_where_the_case_sits(changed, sentence):
    made = MoveBackResult("45/7", MOVE, "45-1", DAY, "", new=True)
    assert made._replace(**changed).sentence == sentence


@pytest.mark.parametrize(
    ("recorded", "withdrawn", "changed"), [(0, 0, False), (1, 0, True), (0, 1, True), (2, 1, True)]
)
def test_outcomes_that_extracts_supply_or_withdraw_change_the_book(recorded, withdrawn, changed):
    assert OutcomeCounts(recorded, withdrawn).changed is changed


@pytest.mark.parametrize(("begun", "ended", "changed"), [(0, 0, False), (1, 0, True), (0, 1, True)])
def test_places_given_or_taken_back_change_the_book(begun, ended, changed):
    counts = ConveningCounts("45", begun, ended, 2)
    assert counts.changed is changed
    assert counts.sentence == f"force 45: places given {begun}, taken back {ended}; late cases 2"

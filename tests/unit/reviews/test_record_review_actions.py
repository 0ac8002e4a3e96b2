"""The actions that an outcome asks for: those it names in the order of their days, and the submission to CPS."""

from datetime import date, timedelta

from config.sittings import ReviewDecision
from models.rules.reviews.record_review import REFERRAL, NewAction, ReviewOutcome
from tasks.reviews.record_review import _asked
from tests.unit.reviews.places import TUESDAYS

HELD = TUESDAYS[0]


def asked(*actions: NewAction, decisions: tuple[ReviewDecision, ...] = ()) -> list[tuple[str, str | None, date]]:
    return list(_asked(ReviewOutcome(True, True, True, frozenset(decisions), None, frozenset(actions)), HELD))


def test_actions_are_added_by_day_then_kind_then_owner() -> None:
    early, late = HELD + timedelta(days=1), HELD + timedelta(days=2)
    wanted = [
        NewAction("Z", "P9", early),
        NewAction("A", "P8", late),
        NewAction("B", "P1", late),
        NewAction("B", "P2", late),
    ]
    assert asked(*wanted) == [(one.kind, one.owner_ref, one.due_on) for one in wanted]


def test_a_decision_to_submit_asks_for_it_within_five_working_days_of_the_sitting() -> None:
    assert asked(decisions=(ReviewDecision.SUBMIT_TO_CPS,)) == [(REFERRAL, None, TUESDAYS[1])]
    assert asked(decisions=(ReviewDecision.CONTINUE,)) == []

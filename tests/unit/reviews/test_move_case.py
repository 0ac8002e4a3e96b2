"""A person's request to move a case: every reason for a refusal, and the arrangement on which the move is tried."""

from datetime import timedelta

import pytest

from config.terms import Agency, Risk
from models.rules.people.directory import Directory, Person
from models.rules.refusal import Refusal
from models.rules.reviews.convening import HeldPlace
from models.rules.reviews.move_case import MoveGrant, MoveRequest, PairBook, decide
from tests.worlds.days import row
from tests.worlds.moves import CASE, MATTER, SEVENTEEN, SITTINGS, TARGET, TEN, TODAY, due

LATE = "With it at s10, a case of high or unknown risk, or critically overdue, would be late"


def person(ref, *, active=True):
    return Person(
        ref, Agency.POLICE, frozenset({"officer"}), frozenset({"45"}), frozenset(), None, active, absent=False
    )


PEOPLE = Directory([person("P1"), person("P2"), person("P3", active=False)])


def judged(wish=MoveRequest("P1", "s10"), case=CASE, target=TARGET, others=(), sittings=SITTINGS):  # noqa: B008  frozen
    book = PairBook("c", [due("c", held=HeldPlace("s17", SEVENTEEN, SEVENTEEN)), *others], sittings)
    return decide(wish, case, target, book, MATTER, PEOPLE, TODAY)


def test_it_is_granted_with_the_day_by_which_it_has_to_sit():
    assert judged() == MoveGrant(SEVENTEEN, new=True)


def test_where_a_person_put_it_there_already_nothing_is_new():
    case = CASE._replace(sits_at="s10", sits_on=TEN, chosen=True)
    assert judged(case=case, target=TARGET._replace(taken=1)) == MoveGrant(SEVENTEEN, new=False)
    assert judged(case=case._replace(chosen=False), target=TARGET._replace(taken=1)) == MoveGrant(SEVENTEEN, new=True)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        row("nobody knows them", {"wish": MoveRequest("P9", "s10")}, "P9 is not a known contact who is active"),
        row("they have left", {"wish": MoveRequest("P3", "s10")}, "P3 is not a known contact who is active"),
        row("it is not theirs", {"wish": MoveRequest("P2", "s10")}, "P2 is not one of those who may move it"),
        row("it sat today", {"case": CASE._replace(sits_on=TODAY)}, "its outcome is awaited"),
        row("it owes none", {"case": CASE._replace(due_on=None)}, "It owes no joint review now"),
        row("no panel", {"case": CASE._replace(until_on=None)}, "45/South East has no panel"),
        row("too far ahead", {"case": CASE._replace(until_on=TEN)}, "It is convened nearer the time."),
        row("cancelled", {"target": TARGET._replace(cancelled_on=TODAY)}, "was cancelled on Wed 4 Mar 2026"),
        row("another pair's", {"target": TARGET._replace(pair="46/South East")}, "is a sitting of 46/South East"),
        row("today", {"target": TARGET._replace(day=TODAY)}, "s10 is today"),
        row("past", {"target": TARGET._replace(day=TODAY - timedelta(days=1))}, "s10 was on Tue 3 Mar 2026"),
        row("full", {"target": TARGET._replace(taken=1)}, "s10 is full: 1 of 1 places are taken."),
    ],
)
def test_each_reason_why_not_is_a_sentence(given, says):
    made = judged(**given)
    assert isinstance(made, Refusal)
    assert any(says in fault for fault in made.faults)


def test_who_may_not_hears_nothing_of_the_case():
    made = judged(wish=MoveRequest("P2", "s10"), case=CASE._replace(due_on=None))
    assert made == judged(wish=MoveRequest("P2", "s10"))


def test_a_case_of_high_risk_may_not_come_to_be_late_by_it_and_is_not_named():
    settled = [SITTINGS[0]._replace(movable=False), SITTINGS[1]]
    urgent = due("u", Risk.HIGH, TEN)
    made = judged(others=[urgent], sittings=settled)
    assert made == Refusal((f"{LATE}. Name another sitting.",))


def test_a_move_that_would_be_undone_at_once_is_refused():
    assert judged(others=[due("u", Risk.HIGH, TEN)]) == Refusal((f"{LATE}. Name another sitting.",))


def test_a_case_of_medium_risk_may_come_to_be_late_by_it():
    assert judged(others=[due("m", Risk.MEDIUM, TEN)]) == MoveGrant(SEVENTEEN, new=True)

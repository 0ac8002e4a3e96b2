"""Taking back of a move: who may, and every reason why a case cannot sit where it sat before."""

from datetime import timedelta

import pytest

from config.terms import Risk
from models.rules.refusal import Refusal
from models.rules.reviews.convening import HeldPlace, PanelSitting
from models.rules.reviews.move_back import MoveBackGrant, MoveBackRequest, decide
from models.rules.reviews.move_case import PairBook
from tests.unit.days import row
from tests.unit.reviews.test_move_case import CASE, MATTER, PEOPLE, SEVENTEEN, SITTINGS, TARGET, TEN, TODAY, due

TWICE = [PanelSitting("s10", TEN, 2), PanelSitting("s17", SEVENTEEN, 2)]
URGENT = due("u", Risk.HIGH, TEN, HeldPlace("s10", TEN, TEN))


def judged(before=TARGET, case=CASE, wish=MoveBackRequest("P2", "P2"), others=(), sittings=TWICE, matter=MATTER):  # noqa: B008  frozen
    held = HeldPlace("s17", SEVENTEEN, SEVENTEEN, chosen=True)
    return decide(wish, case, before, PairBook("c", [due("c", held=held), *others], sittings), matter, PEOPLE, TODAY)


def test_whoever_is_named_takes_it_back_though_they_could_not_move_it():
    assert judged() == MoveBackGrant("")
    assert judged(before=None) == MoveBackGrant(""), "it had no place before"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        row("over", {"before": TARGET._replace(day=TODAY - timedelta(days=1))}, "is over"),
        row("today", {"before": TARGET._replace(day=TODAY)}, "is today"),
        row("cancelled", {"before": TARGET._replace(cancelled_on=TODAY)}, "was cancelled"),
        row("another pair's", {"before": TARGET._replace(pair="46/South East")}, "is another pair's"),
        row("full", {"before": TARGET._replace(taken=1)}, "is full"),
        row("a barred chair", {"matter": MATTER._replace(barred=frozenset({"SP1"}))},
            "has a chair who must hear nothing of the case"),
        row("a more urgent case", {"others": [URGENT], "sittings": SITTINGS},
            "has no place for it without making a more urgent case late"),
    ],
)  # fmt: skip
def test_each_reason_why_it_stays_where_it_is(given, why):
    assert judged(**given) == MoveBackGrant(why)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        row("another's", {"wish": MoveBackRequest("P2", "P1")}, "P2 is not one of those who may take it back"),
        row("it sat today", {"case": CASE._replace(sits_on=TODAY)}, "its outcome is awaited"),
    ],
)
def test_what_is_refused(given, says):
    made = judged(**given)
    assert isinstance(made, Refusal)
    assert any(says in fault for fault in made.faults)

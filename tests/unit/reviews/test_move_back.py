"""Taking back of a move: every reason why a case cannot sit where it sat before."""

from datetime import timedelta

import pytest

from config.terms import Risk
from models.rules.refusal import Refusal
from models.rules.reviews.convening import HeldPlace, PanelSitting
from models.rules.reviews.move_back import MoveBackGrant, decide
from models.rules.reviews.move_case import PairBook
from tests.worlds.days import row
from tests.worlds.moves import CASE, MATTER, SEVENTEEN, SITTINGS, TARGET, TEN, TODAY, due

TWICE = [PanelSitting("s10", TEN, 2), PanelSitting("s17", SEVENTEEN, 2)]
URGENT = due("u", Risk.HIGH, TEN, HeldPlace("s10", TEN, TEN))


def judged(before=TARGET, case=CASE, others=(), sittings=TWICE, matter=MATTER):
    held = HeldPlace("s17", SEVENTEEN, SEVENTEEN, chosen=True)
    return decide(case, before, PairBook("c", [due("c", held=held), *others], sittings), matter, TODAY)


def test_it_sits_where_it_sat_before():
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


def test_what_has_sat_today_is_refused():
    made = judged(case=CASE._replace(sits_on=TODAY))
    assert isinstance(made, Refusal)
    assert any("its outcome is awaited" in fault for fault in made.faults)

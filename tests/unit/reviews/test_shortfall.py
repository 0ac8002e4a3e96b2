"""The days by which a pair's reviews have to be held, and the names of pairs."""

from datetime import date, timedelta

import pytest

from config.terms import Risk
from flows.configured import configured
from models.queries.reviews.capacity import OwedReviews
from models.rules.calendar import LAST
from tasks.reviews.shortfall import deadlines, usual_horizon
from tests.worlds.days import day, row
from tests.worlds.places import TODAY, TUESDAYS

UNTIL = day("Tue 31 Mar 2026")
SITTINGS = [(on, 2) for on in TUESDAYS]


def owed(due: str, *, risk: Risk = Risk.STANDARD, sat: str | None = None, cases: int = 1) -> OwedReviews:
    return OwedReviews(risk, day(due), day(sat) if sat else None, cases)


@pytest.mark.parametrize(
    ("one", "days"),
    [
        row("due before the first sitting", owed("Mon 9 Mar 2026"), [TUESDAYS[0]]),
        row("due between sittings", owed("Fri 20 Mar 2026"), [day("Fri 20 Mar 2026")]),
        row("due on the last day", owed("Tue 31 Mar 2026"), [UNTIL]),
        row("due after it", owed("Wed 1 Apr 2026"), []),
        row("several alike", owed("Fri 20 Mar 2026", cases=3), [day("Fri 20 Mar 2026")] * 3),
        row(
            "of high risk, due again ten working days later",
            owed("Tue 17 Mar 2026", risk=Risk.HIGH), [TUESDAYS[0], TUESDAYS[2]],
        ),
        row(
            "sat, its outcome awaited: due again from its sitting",
            owed("Mon 2 Mar 2026", risk=Risk.HIGH, sat="Tue 10 Mar 2026"), [TUESDAYS[1]],
        ),
    ],
)  # fmt: skip
def test_a_review_needs_a_place_by_each_day_on_which_it_falls_due(one: OwedReviews, days: list[date]) -> None:
    assert deadlines(configured(), "45", [one], SITTINGS, UNTIL, TODAY) == days


def test_without_a_sitting_the_next_working_day_is_the_first_that_could_have_one() -> None:
    friday = day("Fri 13 Mar 2026")
    assert deadlines(configured(), "45", [owed("Mon 2 Mar 2026")], [], UNTIL, friday) == [day("Mon 16 Mar 2026")]


def test_a_pair_without_a_panel_is_looked_at_six_weeks_ahead_and_never_beyond_the_calendar() -> None:
    assert usual_horizon(TODAY) == TODAY + timedelta(days=42)
    assert usual_horizon(LAST - timedelta(days=41)) == LAST

"""Minutes are given on the day on which a sitting is settled."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Connection

from config.terms import Risk
from flows.configured import configured
from tasks.reviews.convening import settle_minutes
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import TUESDAY

SITS = TUESDAY + timedelta(days=7)  # settled five working days before: on Tuesday


@pytest.fixture
def rows(connection: Connection) -> ReviewRows:
    """A sitting with a medium-risk case first and a high-risk case last."""
    made = ReviewRows(connection)
    sitting = made.sitting("s1", SITS)
    for slot, risk in enumerate((Risk.MEDIUM, Risk.HIGH)):
        made.convening(made.case_of(risk, risk=risk), sitting, slot=slot)
    return made


def order(rows: ReviewRows) -> list[int]:
    return [id_ for id_, _ in sorted(rows.slots().items(), key=lambda one: one[1])]


@pytest.mark.parametrize(("today", "settled"), [(TUESDAY - timedelta(days=1), 0), (TUESDAY, 1)])
def test_a_sitting_is_settled_five_working_days_before_it_and_not_sooner(
    rows: ReviewRows, today: date, settled: int
) -> None:
    before = order(rows)
    assert settle_minutes(configured(), rows.connection, "45", today) == settled
    assert order(rows) == (before[::-1] if settled else before)
    assert settle_minutes(configured(), rows.connection, "45", today) == 0


def test_a_limit_near_its_end_comes_first_then_what_is_overdue_then_what_is_owed_at_all(rows: ReviewRows) -> None:
    sitting = rows.sitting("s2", SITS + timedelta(days=1))
    cases = [rows.case_of(f"C{number}") for number in range(4)]
    for slot, case_id in enumerate(cases):
        rows.convening(case_id, sitting, slot=slot)
    rows.owes(cases[1], TUESDAY + timedelta(days=9), remind_on=TUESDAY + timedelta(days=8))
    rows.owes(cases[2], TUESDAY - timedelta(days=1), escalate_on=TUESDAY + timedelta(days=3))
    rows.owes(cases[3], TUESDAY + timedelta(days=2), hard=True, rule="bail-end")
    last = sorted(rows.slots())[-4:]
    settle_minutes(configured(), rows.connection, "45", TUESDAY + timedelta(days=1))
    assert [id_ for id_ in order(rows) if id_ in last] == [last[3], last[2], last[1], last[0]]

"""The statements from which a rehearsal takes the pace of answers."""

from datetime import date, timedelta

import pytest

from models.queries.rehearsal import past_answers
from models.queries.rehearsal.past_answers import PastAnswer, PastSittings
from tests.integration.outbox_world import TUESDAY
from tests.integration.review_rows import ReviewRows


def on(days: int) -> date:
    return TUESDAY + timedelta(days=days)


@pytest.fixture
def rows(connection) -> ReviewRows:
    return ReviewRows(connection)


def test_what_fell_due_in_a_period_is_met_waits_or_ended_otherwise_after_its_day(rows):
    case_id = rows.case_of("C1")
    for number, (due, began, ended, reason) in enumerate((
        (0, -9, 2, "met"), (0, -9, 2, "met"), (-3, 1, 2, "met"), (7, -9, -1, "met"), (2, -9, None, None),
        (2, -9, 3, "withdrawn"), (2, -9, 2, "moved"), (2, -9, 3, "void"), (-1, -9, 2, "met"), (8, -9, 9, "met"),
    )):  # fmt: skip
        ended_on = None if ended is None else on(ended)
        rows.owes(case_id, on(due), subject=f"s{number}", began_on=on(began), ended_on=ended_on, end_reason=reason)
    rows.owes(None, on(2), rule="feed-stale", subject="x", began_on=on(-9))
    assert past_answers.answered(rows.connection, on(0), on(7)) == [
        PastAnswer("joint-review", on(0), on(2), True, 2),
        PastAnswer("joint-review", on(1), on(2), True, 1),  # from when Casebeat knew
        PastAnswer("joint-review", on(2), on(3), False, 1),
        PastAnswer("joint-review", on(2), None, False, 1),
        PastAnswer("joint-review", on(7), on(-1), True, 1),
    ]


def test_of_the_cases_at_sittings_those_reviewed_by_both_sides_are_held(rows):
    sat, gone, later = (
        rows.sitting("S1", on(0)),
        rows.sitting("S2", on(1), cancelled_on=on(1)),
        rows.sitting("S3", on(8)),
    )
    for number, (sitting, end) in enumerate((
        (sat, "held"), (sat, "not_held"), (sat, "unrecorded"), (sat, None), (sat, "moved"), (gone, "held"),
        (later, None),
    )):  # fmt: skip
        rows.convening(rows.case_of(f"C{number}"), sitting, slot=number, end=end, ended_on=on(1) if end else None)
    assert past_answers.sittings(rows.connection, on(0), on(7)) == PastSittings(4, 1)
    assert past_answers.sittings(rows.connection, on(3), on(7)) == PastSittings(0, 0)

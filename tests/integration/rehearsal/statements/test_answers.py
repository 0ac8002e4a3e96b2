"""The statements of a rehearsal's answers: what waits for a day, what is answered on it, and who sits."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from models.queries.rehearsal import answers
from models.queries.rehearsal.answers import AnsweredDuty, CaseThatSits
from tests.integration.outbox_world import TUESDAY
from tests.integration.review_rows import ReviewRows

RULES = ["joint-review", "action"]


def on(days: int) -> date:
    return TUESDAY + timedelta(days=days)


@pytest.fixture
def rows(connection) -> ReviewRows:
    made = ReviewRows(connection)
    answers.prepare(connection)
    return made


def waiting(rows, after=0, most=9, *, carried=True):
    return answers.unanswered(rows.connection, after, RULES, most, carried=carried)


def test_what_is_live_waits_for_its_day_by_its_id_and_what_is_carried_on_only_where_asked(rows):
    case_id = rows.case_of("C1")
    first = rows.owes(case_id, on(5), began_on=on(0), done_on=on(-30))
    carried = rows.owes(case_id, on(1), rule="action", subject="action:A", began_on=on(3), version=2, chain_from=1)
    rows.owes(case_id, on(1), rule="action", subject="action:B", ended_on=on(2), end_reason="met")
    rows.owes(case_id, on(1), rule="plea", subject="plea:A")
    last = rows.owes(case_id, on(1), rule="action", subject="action:C", began_on=on(0), version=2, chain_from=2)
    assert [one.id for one in waiting(rows)] == [first, carried, last]
    assert [one.id for one in waiting(rows, carried=False)] == [first, last]
    assert [one.id for one in waiting(rows, first, 1)] == [carried]
    one, two, _ = waiting(rows)
    assert one[1:] == (case_id, "45", "C1", "joint-review", "case", 1, on(-30), on(5))
    assert (two.subject, two.chain_from, two.from_on) == ("action:A", 1, on(3))


def test_what_is_answered_on_a_day_is_what_is_still_owed_and_a_review_waits_for_its_forces_sittings(rows):
    case_id, other = rows.case_of("C1"), rows.case_of("C2", force="46")
    rows.owes(case_id, on(5))
    rows.owes(other, on(5), force="46")
    ended = rows.owes(case_id, on(5), rule="action", subject="action:A")
    rows.owes(case_id, on(5), rule="action", subject="action:B")
    found = waiting(rows)
    answers.keep(rows.connection, [(one, on(1)) for one in found])
    rows.owes(case_id, on(5), rule="action", subject="action:C")
    answers.keep(rows.connection, [(one, on(2)) for one in waiting(rows, found[-1].id)])
    rows.connection.execute(text("update obligations set ended_on = :day where id = :id"), {"day": on(0), "id": ended})
    rows.sitting("S1", on(3))
    rows.sitting("S2", on(3), force="46", cancelled_on=on(0))
    rows.sitting("S3", on(0), force="46")
    action, review = AnsweredDuty(case_id, "action", "action:B"), AnsweredDuty(other, "joint-review", "case")
    assert answers.due(rows.connection, on(1)) == [action, review]
    assert answers.due(rows.connection, on(2)) == [AnsweredDuty(case_id, "action", "action:C")]


def test_the_cases_at_a_days_sittings_are_those_still_listed_for_one_that_is_held(rows):
    sat, gone, later = (
        rows.sitting("S1", on(0)),
        rows.sitting("S2", on(0), "46", cancelled_on=on(0)),
        rows.sitting("S3", on(1)),
    )
    cases = [rows.case_of(f"C{number}") for number in range(4)]
    for slot, (case_id, sitting, end) in enumerate(
        zip(cases, (sat, sat, gone, later), (None, "moved", None, None), strict=True)
    ):
        rows.convening(case_id, sitting, slot=slot, end=end, ended_on=on(0) if end else None)
    assert answers.listed(rows.connection, on(0)) == [CaseThatSits(cases[0], "45", "C0", "S1")]

"""Why a case's joint review is owed: its live version, how its last convening ended, and the breaches reported."""

from datetime import date

import pytest

from models.queries.reviews.convening_history import before
from tests.integration.outbox_world import TUESDAY
from tests.integration.review_rows import ReviewRows


def march(day: int) -> date:
    return date(2026, 3, day)


@pytest.fixture
def rows(connection) -> ReviewRows:
    return ReviewRows(connection)


def test_a_review_has_the_end_of_the_last_convening_since_the_review_before_it(rows):
    sits = rows.sitting("sits", TUESDAY)
    for case_id, done_on in ((1, march(10)), (2, march(10)), (3, None), (4, None)):
        rows.owes(case_id, TUESDAY, done_on=done_on, version=2)
        rows.owes(case_id, march(1), ended_on=march(2), end_reason="met")
        rows.owes(case_id, march(3), rule="no-progress")
    for case_id, ended_on, end in (
        (1, 11, "moved"), (1, 10, "not_held"), (1, 12, "void"), (2, 9, "not_held"), (3, 2, "unrecorded"),
        (4, 3, "void"), (5, 12, "moved"),
    ):  # fmt: skip
        rows.convening(case_id, sits, slot=case_id, ended_on=march(ended_on), end=end)
    rows.convening(1, sits, slot=9)
    found = before(rows.connection, [1, 2, 3, 4, 5])
    assert {case_id: (one.due_on, one.end) for case_id, one in found.items()} == {
        1: (TUESDAY, "not_held"), 2: (TUESDAY, None), 3: (TUESDAY, "unrecorded"), 4: (TUESDAY, None),
    }  # fmt: skip
    assert set(before(rows.connection, [1])) == {1}


def test_its_breaches_are_those_of_the_case_its_urn_and_its_linked_cases(rows):
    shared = rows.urn("45ZZ0000126")
    case_id, linked = (rows.case_of(ref, urn_key_id=shared) for ref in ("H1", "H2"))
    alone, other = rows.case_of("H3"), rows.case_of("H4")
    for one in (case_id, alone):
        rows.owes(one, TUESDAY)
    for ref, key, day, given in (
        ("I1", case_id, 3, {}), ("I2", linked, 4, {}), ("I3", shared, 5, {}), ("I4", other, 6, {}),
        ("I5", case_id, 7, {"breach": False}), ("I6", case_id, 8, {"withdrawn_on": TUESDAY}), ("I7", alone, 9, {}),
    ):  # fmt: skip
        rows.incident(ref, key, march(day), **given)
    found = before(rows.connection, [case_id, alone])
    assert {key: one.breaches for key, one in found.items()} == {
        case_id: {march(3), march(4), march(5)}, alone: {march(9)},
    }  # fmt: skip
    assert before(rows.connection, [alone])[alone].breaches == {march(9)}

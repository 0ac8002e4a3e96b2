"""The statements about reviews that failed: which failures count, the latest of them, and what a message shows."""

from datetime import date, timedelta

import pytest

from models.cases import Case
from models.queries.reviews import failed_reviews
from models.queries.reviews.failed_reviews import Failure
from tests.integration.outbox_world import TUESDAY
from tests.integration.review_rows import ReviewRows

OVER = {"ended_on": TUESDAY, "end": "not_held"}


@pytest.fixture
def rows(connection) -> ReviewRows:
    return ReviewRows(connection)


def fails(rows, case_id: int, day: int, *, stands: bool = True, **came: bool) -> int:
    """Let a case's review fail on a day of March; the convening's id."""
    sitting = rows.sitting(f"sat-{case_id}-{day}", date(2026, 3, day), area=f"Area {case_id}")
    convening = rows.convening(case_id, sitting, **OVER)
    rows.outcome(convening, **{"cps": False, "stands": stands} | came)
    return convening


def failing(rows, *case_ids: int) -> dict[int, int]:
    found = failed_reviews.failing_cases(rows.connection, case_ids)
    assert [one.case_id for one in found] == sorted(one.case_id for one in found)
    return {one.case_id: one.convening_id for one in found}


def notice(rows, convening: int, **given):
    message = rows.message("of1", kind="unheld", about=str(convening), **given)
    return failed_reviews.notices(rows.connection, [message])[message]


def test_a_case_fails_running_by_its_present_outcomes_since_its_last_review_that_counts(rows):
    cases = [rows.case_of(f"F{number}") for number in range(8)]
    for case_id in cases[:7]:
        rows.owes(case_id, TUESDAY)
    rows.owes(cases[7], TUESDAY, ended_on=TUESDAY, end_reason="met")  # owes nothing any more
    rows.owes(cases[7], TUESDAY, rule="no-progress")
    latest = {}
    for case_id in reversed(cases):
        latest[case_id] = fails(rows, case_id, 9)
        fails(rows, case_id, 3)
    once, again, held, linked, unquorate, three = cases[1], cases[2], cases[3], cases[4], cases[5], cases[6]
    rows.review("R1", once, date(2026, 3, 3))  # on the day of the first: one failure is left
    rows.review("R2", held, date(2026, 3, 9))
    rows.review("R0", held, date(2026, 3, 1))
    rows.review("R3", unquorate, date(2026, 3, 9), cps=False)
    rows.review("R4", again, date(2026, 3, 9), withdrawn_on=TUESDAY)
    rows.review("R5", again, date(2026, 3, 9), kind="supervisor")
    shared = rows.urn("45ZZ0000126")
    other = rows.case_of("LINK", urn_key_id=shared)
    rows.say_of(linked, urn_key_id=shared)
    rows.review("R6", other, date(2026, 3, 9))
    rows.outcome(rows.convening(three, rows.sitting("counts", date(2026, 3, 10)), **OVER))
    rows.move_back(Case, cases[0])
    expected = {case_id: latest[case_id] for case_id in (cases[0], again, unquorate, three)}
    assert failing(rows, *cases) == expected
    assert failing(rows, cases[0]) == {cases[0]: latest[cases[0]]}
    fails(rows, once, 12, stands=False)
    assert failing(rows, once) == {}
    assert failing(rows, once, three) == {three: latest[three]}


def test_of_two_failures_on_one_day_the_later_convening_is_the_latest(rows):
    case_id = rows.case_of("F1")
    rows.owes(case_id, TUESDAY)
    first = rows.sitting("first", TUESDAY)
    made = [rows.convening(case_id, first, slot=slot, **OVER) for slot in range(2)]
    for convening in made:
        rows.outcome(convening, cps=False)
    assert failing(rows, case_id) == {case_id: made[1]}
    rows.say_outcome(made[1], held=False, police_attended=False)
    assert [one.held for one in notice(rows, made[0]).failures] == [False, True]


def test_a_message_shows_the_failures_since_the_last_review_the_latest_first_and_what_is_owed(rows):
    shared = rows.urn("45ZZ0000126")
    case_id, other = rows.case_of("F1", urn_key_id=shared), rows.case_of("F2")
    convening = fails(rows, case_id, 3, decisions=["not_reached"])
    fails(rows, case_id, 12, held=False, police=False)
    fails(rows, case_id, 9, police=False, cps=True)
    fails(rows, case_id, 10, stands=False)
    fails(rows, case_id, 2)
    fails(rows, other, 11)
    rows.outcome(rows.convening(case_id, rows.sitting("counts", date(2026, 3, 13)), **OVER))
    rows.review("R1", case_id, date(2026, 3, 2))
    rows.owes(case_id, TUESDAY, version=1, ended_on=TUESDAY, end_reason="met")
    rows.owes(case_id, date(2026, 3, 30), version=2)
    rows.owes(case_id, date(2026, 3, 29), rule="no-progress")
    sits = rows.sitting("sits", TUESDAY)
    rows.convening(case_id, rows.sitting("left", date(2026, 3, 18)), ended_on=TUESDAY, end="moved")
    rows.convening(case_id, sits)
    found = notice(rows, convening)
    assert found.failures == (
        Failure(date(2026, 3, 12), False, False, False, False),
        Failure(date(2026, 3, 9), True, False, True, False),
        Failure(date(2026, 3, 3), True, True, False, True),
    )
    assert (found.case_ref, found.urn, found.last_quorate_on) == ("F1", "45ZZ0000126", date(2026, 3, 2))
    assert (found.due_on, found.next_on) == (date(2026, 3, 30), TUESDAY)
    assert notice(rows, convening, day=TUESDAY + timedelta(days=1)).next_on is None  # that sitting is over


def test_a_message_about_a_case_without_a_urn_that_owes_nothing_has_no_failures(rows):
    convening = fails(rows, rows.case_of("F1"), 3)
    found = notice(rows, convening)
    assert (found.urn, found.failures, found.due_on, found.next_on) == (None, (), None, None)
    letter = rows.message("of1", about=str(convening))
    assert failed_reviews.notices(rows.connection, [letter]) == {}

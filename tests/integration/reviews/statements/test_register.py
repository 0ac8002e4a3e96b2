"""The register's counts, statement by statement: each boundary day, each end, and each pair."""

from datetime import UTC, date, datetime, timedelta

import pytest

from models.queries.reviews import register
from models.queries.reviews.register import FailedCounts, KeptCounts, SittingUse
from tests.integration.outbox_world import TUESDAY
from tests.integration.review_rows import ReviewRows

FIRST, LAST = date(2026, 3, 10), date(2026, 3, 20)
HERE = ("45", "South East")
LONG_OVER = {"ended_on": date(2026, 4, 9), "end_reason": "met"}


def march(day: int) -> date:
    return date(2026, 3, day)


@pytest.fixture
def rows(connection) -> ReviewRows:
    return ReviewRows(connection)


REVIEWS = (  # due, ended, end, the day from which the next version counts, counted as
    (10, 12, "met", 10, "in_time"),  # the period's first day; held on its day
    (12, 12, "met", 13, "late"),
    (12, 12, "met", None, "in_time"),  # no version follows: its end counts
    (18, 16, "met", 16, "in_time"),  # its day is to come
    (16, None, None, None, "late"),
    (17, None, None, None, "not_yet"),
    (20, None, None, None, "not_yet"),  # the period's last day
    (9, None, None, None, ""),
    (21, None, None, None, ""),
    (12, 12, "moved", None, ""),
    (12, 13, "moved", None, "late"),
    (12, 13, "void", None, ""),
)


def test_a_review_is_counted_once_by_its_day_and_the_day_from_which_the_next_counts(rows):
    for number, (due, ended, why, next_from, _) in enumerate(REVIEWS):
        case_id = rows.case_of(f"R{number}", area=f"Area {number}")
        end = {"ended_on": ended and march(ended), "end_reason": why}
        rows.owes(case_id, march(due), **end)
        rows.owes(case_id, march(due), rule="no-progress", **end)
        if next_from:
            rows.owes(case_id, date(2026, 4, 9), version=2, chain_from=2, done_on=march(next_from), **LONG_OVER)
        for other in ({"subject": "other"}, {"rule": "order-told"}, {"end_reason": "void"}):
            rows.owes(case_id, date(2026, 4, 9), **{"version": 2, "done_on": march(25), **LONG_OVER} | other)
    found = register.kept(rows.connection, "45", FIRST, LAST, TUESDAY)
    assert found == {
        ("45", f"Area {number}"): KeptCounts(**{"due": 1, "in_time": 0, "late": 0, "not_yet": 0} | {counted: 1})
        for number, (*_, counted) in enumerate(REVIEWS)
        if counted
    }


def test_each_pair_has_its_own_counts_and_one_force_none_of_another(rows):
    for number, (force, area) in enumerate((HERE, ("45", "London"), ("46", "South East"), HERE)):
        rows.owes(rows.case_of(f"R{number}", force, area), march(12), force)
    every = register.kept(rows.connection, None, FIRST, LAST, TUESDAY)
    assert {pair: one.due for pair, one in every.items()} == {HERE: 2, ("45", "London"): 1, ("46", "South East"): 1}
    assert set(register.kept(rows.connection, "46", FIRST, LAST, TUESDAY)) == {("46", "South East")}


OUTCOMES = (  # the sitting's day, held, CPS attended, stands, counted as
    (10, True, False, True, (1, 0)),
    (20, False, False, True, (0, 1)),
    (15, True, True, True, None),
    (15, True, False, False, None),
    (9, True, False, True, None),
    (21, False, False, True, None),
)


def test_a_case_at_a_sitting_failed_by_its_present_outcome_where_that_does_not_count(rows):
    for number, (on, held, cps, stands, _) in enumerate(OUTCOMES):
        sitting = rows.sitting(f"sat-{number}", march(on), area=f"Area {number}")
        rows.outcome(rows.convening(number, sitting), held=held, police=held, cps=cps, stands=stands)
    elsewhere = rows.convening(20, rows.sitting("sat-46", march(12), "46"))
    rows.outcome(elsewhere, cps=False)
    here = {("45", f"Area {n}"): FailedCounts(*one[-1]) for n, one in enumerate(OUTCOMES) if one[-1]}
    assert register.failed(rows.connection, "45", FIRST, LAST) == here
    there = {("46", "South East"): FailedCounts(1, 0)}
    assert register.failed(rows.connection, None, FIRST, LAST) == here | there


def test_the_sittings_to_come_are_in_order_from_tomorrow_to_the_last_day_with_their_live_cases(rows):
    until = TUESDAY + timedelta(days=7)
    for days, gone in ((7, None), (8, None), (1, None), (0, None), (3, TUESDAY), (2, None)):
        rows.sitting(f"in-{days}", TUESDAY + timedelta(days=days), places=days + 1, cancelled_on=gone)
    at_nine = datetime(2026, 3, 24, 9, tzinfo=UTC)
    rows.sitting("in-7-at-nine", TUESDAY + timedelta(days=7), places=1, starts_at=at_nine)
    rows.sitting("in-46", TUESDAY + timedelta(days=2), "46")
    busy = rows.sitting("busy", TUESDAY + timedelta(days=4), places=9)
    for number, ended in enumerate((None, None, TUESDAY)):
        rows.convening(number, busy, slot=number, ended_on=ended, end=ended and "moved")
    found = [(one.day, one.places, one.used) for one in register.to_come(rows.connection, "45", TUESDAY, until)[HERE]]
    expected = ((18, 2, 0), (19, 3, 0), (21, 9, 2), (24, 1, 0), (24, 8, 0))
    assert found == [(march(day), places, used) for day, places, used in expected]
    assert register.to_come(rows.connection, None, TUESDAY, until)["46", "South East"] == [SittingUse(march(19), 2, 0)]

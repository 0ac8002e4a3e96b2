"""The order of urgency of the cases on an agenda, and the running order of a sitting."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.terms import Risk, Severity
from models.rules.reviews.agenda_order import RankedObligation, SeatedCase, Urgency, place, running_order
from tests.worlds.days import day, row

TODAY = day("Tue 17 Mar 2026")


def owed(severity=Severity.OVERDUE, *, due_in=0, hard=False, stalls=False):
    return RankedObligation(hard, stalls, TODAY + timedelta(days=due_in), severity)


@pytest.mark.parametrize(
    ("one", "urgency"),
    [
        row("a clock whose day was yesterday", owed(due_in=-1, hard=True), Urgency.RUN_OUT),
        row("a clock on its last day", owed(Severity.DUE_SOON, hard=True), Urgency.ENDING),
        row("a clock that ends in seven days", owed(Severity.DUE_SOON, due_in=7, hard=True), Urgency.ENDING),
        row("a clock that ends in eight days", owed(Severity.DUE_SOON, due_in=8, hard=True), Urgency.SOON),
        row("a clock far off", owed(Severity.NOT_DUE_YET, due_in=90, hard=True), Urgency.CALM),
        row("critically overdue, and it stalls", owed(Severity.CRITICALLY_OVERDUE, stalls=True), Urgency.STALLED),
        row("critically overdue", owed(Severity.CRITICALLY_OVERDUE), Urgency.CRITICAL),
        row("overdue, and it would stall", owed(stalls=True), Urgency.OVERDUE),
        row("due soon", owed(Severity.DUE_SOON), Urgency.SOON),
        row("not due yet", owed(Severity.NOT_DUE_YET), Urgency.CALM),
    ],
)
def test_a_case_is_as_urgent_as_the_worst_that_is_owed_on_it(one, urgency):
    assert place([one, owed(Severity.NOT_DUE_YET)], Risk.HIGH, "45/1", TODAY).urgency is urgency


def test_a_case_on_which_nothing_is_owed_comes_last():
    assert place([], Risk.STANDARD, "45/1", TODAY) > place([owed(Severity.NOT_DUE_YET)], Risk.STANDARD, "45/1", TODAY)


def test_of_two_as_urgent_the_higher_risk_comes_first_then_the_longer_overdue_then_the_reference():
    places = [
        place([owed(due_in=-1)], Risk.UNKNOWN, "45/2", TODAY),
        place([owed(due_in=-1)], Risk.HIGH, "45/3", TODAY),
        place([owed(due_in=-9)], Risk.MEDIUM, "45/9", TODAY),
        place([owed(due_in=-1), owed(due_in=-2)], Risk.MEDIUM, "45/8", TODAY),
        place([owed(due_in=-1)], Risk.MEDIUM, "45/1", TODAY),
        place([owed(due_in=-99)], Risk.STANDARD, "45/0", TODAY),
    ]
    assert places == sorted(places)


def test_what_failed_or_was_not_reached_before_has_its_minutes_first_and_then_the_most_urgent():
    """In the words of the spec: to whoever was not reached or failed before first, then by urgency."""
    urgent, calm = (place([owed(due_in=day, hard=True)], Risk.HIGH, "45/1", TODAY) for day in (-1, 90))
    seated = [
        SeatedCase(1, False, calm),
        SeatedCase(2, True, calm),
        SeatedCase(3, False, urgent),
        SeatedCase(4, True, urgent),
    ]
    assert running_order(seated) == [4, 2, 3, 1]


ONES = st.lists(
    st.builds(
        owed, st.sampled_from(Severity), due_in=st.integers(-60, 60), hard=st.booleans(), stalls=st.booleans()
    )
)  # fmt: skip


@given(ONES, ONES)
def test_one_more_thing_owed_never_makes_a_case_less_urgent(ones, more):
    assert place([*ones, *more], Risk.HIGH, "45/1", TODAY) <= place(ones, Risk.HIGH, "45/1", TODAY)

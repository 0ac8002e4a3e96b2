"""The steps of the coming weeks, climbed at once as the rounds would climb them day by day."""

from datetime import date, timedelta

import pytest

from config.policy import load_policy
from config.settings import settings
from config.terms import Risk
from models.rules.calendar import WorkingCalendar
from models.rules.obligations.forecast import StepAhead
from models.rules.obligations.ladder import Rung
from models.rules.rehearsal import steps_ahead

CALENDAR = WorkingCalendar()
THURSDAY, FRIDAY, MONDAY = date(2026, 3, 5), date(2026, 3, 6), date(2026, 3, 9)


def ladder(name: str):
    return load_policy(settings().policy).ladders[name]


def rung(due_on: date, last_step: int = 0) -> Rung:
    return Rung(due_on - timedelta(days=3), due_on, due_on + timedelta(days=5), Risk.HIGH, False, last_step)


def test_a_step_that_falls_on_a_weekend_is_taken_on_monday_and_what_comes_after_the_last_day_is_left_out():
    found = steps_ahead(ladder("soft"), rung(FRIDAY), MONDAY - timedelta(days=1), MONDAY, CALENDAR)
    assert found is not None
    assert [one.on for one in found] == [MONDAY]
    assert len(steps_ahead(ladder("soft"), rung(FRIDAY), THURSDAY, MONDAY, CALENDAR) or ()) > 1


def test_nothing_is_left_of_a_ladder_that_is_climbed():
    steps = ladder("soft")
    assert steps_ahead(steps, rung(FRIDAY, len(steps)), MONDAY, MONDAY + timedelta(days=50), CALENDAR) == ()


@pytest.mark.parametrize(("due_on", "foreseen"), [(FRIDAY, False), (THURSDAY, True)])
def test_a_step_on_a_day_off_is_not_foreseen(due_on, foreseen):
    steps = ladder("clock")
    last = len(steps)
    found = steps_ahead(steps, rung(due_on, last - 1), due_on, due_on + timedelta(days=1), CALENDAR)
    assert (found is not None) is foreseen
    assert found in (None, (StepAhead(last, due_on + timedelta(days=1)),))

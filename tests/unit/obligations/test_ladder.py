"""Climbing, as tables: each boundary day named. The obligation falls due on Mon 16 Mar 2026 unless a row differs."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.policy import load_policy
from config.terms import Risk
from models.rules.calendar import WorkingCalendar
from models.rules.obligations.ladder import Climb, Rung, climb, next_day, reached, step_days, with_step
from tests.unit.days import day, row

POLICY = load_policy()
SOFT, CLOCK, ORDER = POLICY.ladders["soft"], POLICY.ladders["clock"], POLICY.ladders["order"]
CALENDAR = WorkingCalendar()


def rung(*, last_step=0, taken_on=(), risk=Risk.HIGH, hard=False, promised_until=None):
    return Rung(
        day("Mon 9 Mar 2026"), day("Mon 16 Mar 2026"), day("Wed 18 Mar 2026"), risk, hard, last_step, taken_on,
        promised_until,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("today", "step"),
    [
        row("the day before the reminder", "Sun 8 Mar 2026", 0),
        row("the reminder's day", "Mon 9 Mar 2026", 1),
        row("the due day is not overdue", "Mon 16 Mar 2026", 1),
        row("the day after the due day", "Tue 17 Mar 2026", 2),
        row("the day of escalation", "Wed 18 Mar 2026", 3),
        row("unresolved waits for critical, however late", "Mon 1 Jun 2026", 3),
    ],
)
def test_the_step_reached_is_the_last_whose_day_has_come(today, step):
    assert reached(step_days(SOFT, rung(), CALENDAR), today) == step


@pytest.mark.parametrize(
    ("taken", "today", "step"),
    [
        row("the day before five working days after critical", "Wed 18 Mar 2026", "Tue 24 Mar 2026", 3),
        row("five working days after critical", "Wed 18 Mar 2026", "Wed 25 Mar 2026", 4),
        row("critical taken late puts unresolved off", "Fri 27 Mar 2026", "Thu 2 Apr 2026", 3),
        row("and Easter is not counted", "Fri 27 Mar 2026", "Tue 7 Apr 2026", 4),
    ],
)
def test_nobody_is_reported_for_not_answering_who_was_never_asked(taken, today, step):
    asked = rung(last_step=3, taken_on=(None, None, taken))
    assert reached(step_days(SOFT, asked, CALENDAR), today) == step


def test_a_missed_run_takes_the_present_step_only_and_the_rest_are_superseded():
    made = climb(SOFT, rung(), day("Wed 18 Mar 2026"), CALENDAR)
    assert (made.take, made.superseded) == (3, (1, 2))
    assert made.next_on == day("Wed 25 Mar 2026")


def test_a_digest_step_waits_for_the_working_day():
    assert climb(SOFT, rung(), day("Sat 14 Mar 2026"), CALENDAR) == Climb(waits=True, next_on=day("Mon 9 Mar 2026"))
    assert climb(SOFT, rung(), day("Fri 13 Mar 2026"), CALENDAR).take == 1


def test_an_at_once_step_is_taken_on_any_day():
    friday = Rung(date(2026, 2, 1), day("Fri 20 Mar 2026"), date(2026, 3, 21), Risk.STANDARD, True, 3)
    assert climb(CLOCK, friday, day("Sat 14 Mar 2026"), CALENDAR).take == 4


@pytest.mark.parametrize(
    ("risk", "takes"),
    [(Risk.HIGH, 4), (Risk.UNKNOWN, 4), (Risk.MEDIUM, 0), (Risk.STANDARD, 0)],
)
def test_unresolved_is_said_at_once_only_for_high_and_unknown_risk(risk, takes):
    asked = rung(last_step=3, taken_on=(None, None, day("Fri 13 Mar 2026")), risk=risk)
    assert climb(SOFT, asked, day("Sat 28 Mar 2026"), CALENDAR).take == takes


def test_a_step_is_never_before_the_previous_one():
    interim = Rung(date(2026, 3, 18), date(2026, 4, 1), date(2026, 4, 2), Risk.HIGH, True, 0)
    days = step_days(ORDER, interim, CALENDAR)
    assert days[1] == days[0] == date(2026, 3, 18)
    assert reached(days, date(2026, 3, 18)) == 2, "an interim order's first word is expiring"


def test_a_promise_is_a_recorded_silence_until_its_day():
    promised = rung(last_step=1, taken_on=(day("Mon 9 Mar 2026"),), promised_until=day("Thu 19 Mar 2026"))
    made = climb(SOFT, promised, day("Tue 17 Mar 2026"), CALENDAR)
    assert (made.take, made.silent, made.next_on) == (0, 2, day("Wed 18 Mar 2026"))
    assert climb(SOFT, promised, day("Thu 19 Mar 2026"), CALENDAR).take == 0


def test_a_lapsed_promise_takes_the_step_that_is_due():
    promised = rung(last_step=1, taken_on=(day("Mon 9 Mar 2026"),), promised_until=day("Thu 19 Mar 2026"))
    made = climb(SOFT, promised, day("Fri 20 Mar 2026"), CALENDAR)
    assert (made.take, made.lapsed, made.repeat) == (3, True, 0)


def test_a_lapsed_promise_with_no_further_step_repeats_the_last_one_once():
    promised = rung(last_step=1, taken_on=(day("Mon 9 Mar 2026"),), promised_until=day("Thu 12 Mar 2026"))
    made = climb(SOFT, promised, day("Fri 13 Mar 2026"), CALENDAR)
    assert (made.take, made.repeat, made.lapsed, made.next_on) == (0, 1, True, day("Tue 17 Mar 2026"))


def test_a_repeat_waits_for_the_working_day():
    promised = rung(last_step=1, taken_on=(day("Mon 9 Mar 2026"),), promised_until=day("Fri 13 Mar 2026"))
    assert climb(SOFT, promised, day("Sat 14 Mar 2026"), CALENDAR).waits
    assert climb(SOFT, promised, day("Mon 16 Mar 2026"), CALENDAR).repeat == 1


def test_a_promise_made_before_any_message_ends_without_one():
    promised = rung(promised_until=day("Thu 5 Mar 2026"))
    assert climb(SOFT, promised, day("Fri 6 Mar 2026"), CALENDAR) == Climb(lapsed=True, next_on=day("Mon 9 Mar 2026"))


def test_a_hard_clock_is_never_put_to_sleep():
    promised = rung(hard=True, promised_until=day("Thu 19 Mar 2026"))
    assert climb(SOFT, promised, day("Tue 17 Mar 2026"), CALENDAR).take == 2


def test_with_nothing_due_the_next_day_is_told():
    assert climb(SOFT, rung(), day("Fri 6 Mar 2026"), CALENDAR) == Climb(next_on=day("Mon 9 Mar 2026"))


RUNS = st.lists(st.booleans(), min_size=60, max_size=60)


@given(runs=RUNS, again=RUNS, late=st.integers(0, 20), risk=st.sampled_from(list(Risk)), hard=st.booleans())
def test_any_subset_of_days_takes_each_step_once_in_order_and_ends_at_the_highest_reached(
    runs, again, late, risk, hard
):
    due = day("Mon 16 Mar 2026") + timedelta(days=late)
    standing = Rung(due - timedelta(days=7), due, due + timedelta(days=3), risk, hard, 0)
    steps, taken = (CLOCK if hard else SOFT), []
    for offset, (run, rerun) in enumerate(zip(runs, again, strict=True)):
        today = day("Mon 2 Mar 2026") + timedelta(days=offset)
        for _ in range(run + (run and rerun)):
            made = climb(steps, standing, today, CALENDAR)
            if made.take:
                taken.append(made.take)
                standing = standing._replace(
                    last_step=made.take, taken_on=with_step(standing.taken_on, made.take, today)
                )
                after = next_day(step_days(steps, standing, CALENDAR), made.take)
                assert made.next_on == after
        if run and CALENDAR.is_working(today):
            assert standing.last_step == reached(step_days(steps, standing, CALENDAR), today)
    assert taken == sorted(set(taken))

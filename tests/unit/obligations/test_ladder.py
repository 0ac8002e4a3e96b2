"""Climbing, as tables: each boundary day named. The obligation falls due on Mon 16 Mar 2026 unless a row differs."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.policy import load_policy
from config.terms import Risk
from models.rules.calendar import WorkingCalendar
from models.rules.obligations.ladder import Climb, Rung, climb, next_day, reached, step_days, with_step
from tests.worlds.days import day, row

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


def test_a_step_waits_for_the_working_day():
    assert climb(SOFT, rung(), day("Sat 14 Mar 2026"), CALENDAR) == Climb(waits=True, next_on=day("Mon 9 Mar 2026"))
    assert climb(SOFT, rung(), day("Fri 13 Mar 2026"), CALENDAR).take == 1


@pytest.mark.parametrize(
    ("due", "last_step", "today", "takes"),
    [
        row("one week, although it is at once", "Fri 20 Mar 2026", 3, "Sat 14 Mar 2026", 0),
        row("the last day, missed on Friday", "Mon 23 Mar 2026", 4, "Sat 21 Mar 2026", 5),
        row("the day after", "Sat 21 Mar 2026", 5, "Sun 22 Mar 2026", 6),
    ],
)
def test_the_last_day_and_the_day_after_of_a_clock_are_taken_on_any_day(due, last_step, today, takes):
    clock = Rung(date(2026, 2, 1), due, due + timedelta(days=1), Risk.STANDARD, True, last_step)
    assert climb(CLOCK, clock, today, CALENDAR).take == takes


def test_a_silent_source_is_told_on_any_day():
    saturday = day("Sat 14 Mar 2026")
    source = Rung(saturday, saturday, day("Sun 15 Mar 2026"), Risk.UNKNOWN, hard=False, last_step=0)
    assert climb(POLICY.ladders["feed"], source, saturday, CALENDAR).take == 1


MAUNDY_THURSDAY, GOOD_FRIDAY, EASTER_MONDAY = "Thu 2 Apr 2026", "Fri 3 Apr 2026", "Mon 6 Apr 2026"
TUESDAY_AFTER = "Tue 7 Apr 2026"


@pytest.mark.parametrize(
    ("remind", "due", "today", "takes"),
    [
        row("not before Maundy Thursday", GOOD_FRIDAY, EASTER_MONDAY, "Wed 1 Apr 2026", 0),
        row("a reminder of Good Friday", GOOD_FRIDAY, EASTER_MONDAY, MAUNDY_THURSDAY, 1),
        row("a reminder of Easter Monday itself", EASTER_MONDAY, EASTER_MONDAY, MAUNDY_THURSDAY, 1),
        row("a reminder of the Saturday", "Sat 4 Apr 2026", TUESDAY_AFTER, MAUNDY_THURSDAY, 1),
        row("what is overdue on Good Friday is told after Easter", "Mon 30 Mar 2026", MAUNDY_THURSDAY, GOOD_FRIDAY, 0),
        row("it is then told as overdue", "Mon 30 Mar 2026", MAUNDY_THURSDAY, TUESDAY_AFTER, 2),
    ],
)
def test_what_is_due_over_easter_is_said_on_maundy_thursday(remind, due, today, takes):
    over = Rung(remind, due, day("Tue 14 Apr 2026"), Risk.STANDARD, hard=False, last_step=0)
    assert climb(SOFT, over, today, CALENDAR).take == takes


@pytest.mark.parametrize(
    ("ladder", "due", "days"),
    [
        row(
            "a clock that ends on Easter Monday", "clock", EASTER_MONDAY,
            ["Mon 23 Feb", "Mon 9 Mar", "Mon 23 Mar", "Mon 30 Mar", "Thu 2 Apr", "Tue 7 Apr"],
        ),
        row(
            "one that ends on the Saturday: what is taken on working days moves", "clock", "Sat 4 Apr 2026",
            ["Fri 20 Feb", "Fri 6 Mar", "Fri 20 Mar", "Fri 27 Mar", "Thu 2 Apr", "Sun 5 Apr"],
        ),
        row(
            "an order that ends a week after Good Friday", "order", "Fri 10 Apr 2026",
            ["Fri 27 Feb", "Fri 13 Mar", "Fri 27 Mar", "Thu 2 Apr", "Thu 9 Apr", "Sat 11 Apr"],
        ),
    ],
)  # fmt: skip
def test_the_days_of_the_steps_of_a_clock_and_of_an_order_over_easter(ladder, due, days):
    over = Rung(due - timedelta(days=42), due, due, Risk.HIGH, hard=True, last_step=0)
    assert step_days(POLICY.ladders[ladder], over, CALENDAR) == [day(f"{one} 2026") for one in days]


def test_in_the_first_days_of_the_calendar_no_working_day_is_before():
    first = date(2000, 1, 1)
    over = Rung(first, first, date(2000, 1, 6), Risk.HIGH, hard=False, last_step=0)
    assert step_days(SOFT, over, CALENDAR)[:2] == [date(2000, 1, 4), date(2000, 1, 4)]


def test_a_step_is_never_before_the_previous_one():
    interim = Rung(date(2026, 3, 18), date(2026, 4, 1), date(2026, 4, 2), Risk.HIGH, True, 0)
    days = step_days(ORDER, interim, CALENDAR)
    assert days[:3] == [date(2026, 3, 18)] * 3
    assert reached(days, date(2026, 3, 18)) == 3, "an interim order's first word is two-weeks"


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

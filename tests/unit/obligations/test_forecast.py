"""The steps to come if nobody acts. The obligation falls due on Mon 16 Mar 2026, high risk."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.policy import load_policy
from config.terms import Risk
from models.rules.calendar import WorkingCalendar
from models.rules.obligations.forecast import StepAhead, following, forecast
from models.rules.obligations.ladder import Rung, climb, with_step
from models.rules.obligations.sitting_pause import ConvenedDays
from tests.worlds.days import day, row

POLICY = load_policy()
SOFT, CLOCK = POLICY.ladders["soft"], POLICY.ladders["clock"]
CALENDAR = WorkingCalendar()
MONDAY = "Mon 30 Mar 2026"
ASKED = (day("Mon 9 Mar 2026"), day("Tue 17 Mar 2026"), day("Wed 18 Mar 2026"))


def rung(*, last_step=0, taken_on=(), hard=False, promised_until=None):
    return Rung(
        day("Mon 9 Mar 2026"), day("Mon 16 Mar 2026"), day("Wed 18 Mar 2026"), Risk.HIGH, hard, last_step, taken_on,
        promised_until,
    )  # fmt: skip


def coming(today, **given):
    return list(forecast(SOFT, rung(**given), day(today) if isinstance(today, str) else today, CALENDAR))


def test_a_fresh_obligation_climbs_its_whole_ladder():
    assert coming("Mon 2 Mar 2026") == [
        StepAhead(1, day("Mon 9 Mar 2026")),
        StepAhead(2, day("Tue 17 Mar 2026")),
        StepAhead(3, day("Wed 18 Mar 2026")),
        StepAhead(4, day("Wed 25 Mar 2026")),
    ]


@pytest.mark.parametrize(
    ("today", "first"),
    [
        row("today's own step is still to come", "Tue 17 Mar 2026", StepAhead(2, day("Tue 17 Mar 2026"))),
        row("only the present step is taken", "Wed 18 Mar 2026", StepAhead(3, day("Wed 18 Mar 2026"))),
        row("a digest waits for Monday", "Sat 21 Mar 2026", StepAhead(3, day("Mon 23 Mar 2026"))),
    ],
)
def test_a_step_that_was_missed_comes_first(today, first):
    assert coming(today, last_step=1, taken_on=ASKED[:1])[0] == first


def test_after_the_last_step_nothing_comes():
    assert coming("Mon 30 Mar 2026", last_step=4, taken_on=(*ASKED, day("Wed 25 Mar 2026"))) == []


@pytest.mark.parametrize(
    ("until", "found"),
    [
        row(
            "a step reached meanwhile is taken the day after", "Wed 25 Mar 2026", [StepAhead(4, day("Thu 26 Mar 2026"))]
        ),
        row(
            "if no step is due the last is repeated",
            "Mon 23 Mar 2026",
            [StepAhead(3, day("Tue 24 Mar 2026"), repeated=True), StepAhead(4, day("Wed 25 Mar 2026"))],
        ),
        row(
            "a promise to Friday is repeated on Monday",
            "Fri 20 Mar 2026",
            [StepAhead(3, day("Mon 23 Mar 2026"), repeated=True), StepAhead(4, day("Wed 25 Mar 2026"))],
        ),
    ],
)
def test_a_promise_puts_off_what_is_to_come(until, found):
    assert coming("Wed 18 Mar 2026", last_step=3, taken_on=ASKED, promised_until=until) == found


def test_a_hard_clock_does_not_wait_for_a_promise():
    clock = rung(hard=True, promised_until=day("Fri 20 Mar 2026"))
    steps = [(one.step, one.on) for one in forecast(CLOCK, clock, day("Fri 13 Mar 2026"), CALENDAR) if not one.repeated]
    assert steps == [(5, day("Fri 13 Mar 2026")), (6, day("Tue 17 Mar 2026"))]


@pytest.mark.parametrize(
    ("today", "given", "next_step"),
    [
        row("an overdue notice of Easter Sunday leaves on Tuesday", MONDAY, {}, StepAhead(2, day("Tue 7 Apr 2026"))),
        row(
            "one that is taken, and was missed on Friday, is not of a past day",
            "Tue 7 Apr 2026", {}, StepAhead(2, day("Tue 7 Apr 2026")),
        ),
        row(
            "a promise to Maundy Thursday", MONDAY, {"promised_until": day("Thu 2 Apr 2026")},
            StepAhead(2, day("Tue 7 Apr 2026")),
        ),
        row(
            "a promise to the Wednesday after", MONDAY, {"promised_until": day("Wed 8 Apr 2026")},
            StepAhead(2, day("Thu 9 Apr 2026")),
        ),
        row(
            "a sitting on the due day, whose outcome may be recorded on the day after", MONDAY,
            {"convened": ConvenedDays(day("Sat 4 Apr 2026"), day("Tue 7 Apr 2026"))},
            StepAhead(2, day("Wed 8 Apr 2026")),
        ),
    ],
)  # fmt: skip
def test_the_next_step_is_named_with_the_day_on_which_its_letter_leaves(today, given, next_step):
    saturday = day("Sat 4 Apr 2026")
    reminded = Rung(day("Thu 26 Mar 2026"), saturday, day("Mon 20 Apr 2026"), Risk.HIGH, hard=False, last_step=1)
    assert following(SOFT, reminded._replace(**given), today, CALENDAR) == next_step


def test_a_promise_that_repeats_a_step_is_not_the_next_step():
    until = day("Mon 23 Mar 2026")
    found = following(SOFT, rung(last_step=3, taken_on=ASKED, promised_until=until), day("Wed 18 Mar 2026"), CALENDAR)
    assert found == StepAhead(4, day("Wed 25 Mar 2026"))


def test_where_the_calendar_ends_so_does_the_sum():
    last = date(2099, 12, 30)
    old = Rung(last, last, last, Risk.HIGH, hard=False, last_step=0)
    assert list(forecast(SOFT, old, last, CALENDAR)) == []


@given(st.dates(day("Mon 2 Mar 2026"), day("Thu 30 Apr 2026")), st.none() | st.integers(0, 10))
def test_it_is_what_daily_rounds_would_take(start, promised):
    until = start + timedelta(promised) if promised is not None else None
    told = list(forecast(SOFT, rung(promised_until=until), start, CALENDAR))
    walked, now = [], rung(promised_until=until)
    for at in (start + timedelta(n) for n in range(90)):
        made = climb(SOFT, now, at, CALENDAR)
        if made.take:
            walked.append(StepAhead(made.take, at))
            now = now._replace(last_step=made.take, taken_on=with_step(now.taken_on, made.take, at))
        elif made.repeat:
            walked.append(StepAhead(made.repeat, at, repeated=True))
        if made.lapsed:
            now = now._replace(promised_until=None)
    assert told == walked


def test_a_calendar_on_which_nobody_ever_works_does_not_make_it_endless():
    start = day("Mon 9 Mar 2026")
    idle = WorkingCalendar(holidays_added=[start + timedelta(n) for n in range(1_500)])
    assert list(forecast(SOFT, rung(), start, idle)) == []

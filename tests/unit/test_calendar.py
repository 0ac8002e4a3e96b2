"""The working-day calendar: spans, bank holidays and overrides."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.days.duration import Duration, Unit, duration
from models.rules.calendar import FIRST, LAST, OutsideCalendar, WorkingCalendar
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR

DAYS = st.dates(date(2006, 1, 1), date(2093, 12, 31))


@pytest.mark.parametrize(
    ("start", "span", "expected"),
    [
        row("Easter is not worked", "Thu 2 Apr 2026", "1wd", "Tue 7 Apr 2026"),
        row("Easter within a week", "Thu 2 Apr 2026", "5wd", "Mon 13 Apr 2026"),
        row("Boxing Day has a substitute", "Thu 24 Dec 2026", "1wd", "Tue 29 Dec 2026"),
        row("backwards over Easter", "Tue 7 Apr 2026", "-2wd", "Wed 1 Apr 2026"),
        row("no working day from a Saturday rolls on", "Sat 4 Apr 2026", "0wd", "Tue 7 Apr 2026"),
        row("no working day from a working day stays", "Tue 7 Apr 2026", "0wd", "Tue 7 Apr 2026"),
        row("one working day from a Saturday", "Sat 7 Mar 2026", "1wd", "Mon 9 Mar 2026"),
        row("one working day from a Sunday", "Sun 8 Mar 2026", "1wd", "Mon 9 Mar 2026"),
        row("one working day before a Sunday", "Sun 8 Mar 2026", "-1wd", "Fri 6 Mar 2026"),
        row("one working day before a Monday", "Mon 9 Mar 2026", "-1wd", "Fri 6 Mar 2026"),
        row("plain days do not roll", "Fri 6 Mar 2026", "1d", "Sat 7 Mar 2026"),
        row("plain days backwards", "Sun 1 Mar 2026", "-1d", "Sat 28 Feb 2026"),
        row("a month's last day where there is no 31st", "Sun 31 Aug 2025", "6m", "Sat 28 Feb 2026"),
        row("nor a 30th", "Sun 30 Nov 2025", "3m", "Sat 28 Feb 2026"),
        row("a leap year has a 29th", "Thu 31 Aug 2023", "6m", "Thu 29 Feb 2024"),
        row("the same day number stays", "Sat 28 Feb 2026", "6m", "Fri 28 Aug 2026"),
        row("months into the next year", "Tue 1 Dec 2026", "1m", "Fri 1 Jan 2027"),
        row("months backwards into the last year", "Sat 31 Jan 2026", "-2m", "Sun 30 Nov 2025"),
        row("December to December", "Thu 31 Dec 2026", "12m", "Fri 31 Dec 2027"),
    ],
)
def test_a_day_plus_a_span_is_a_day(start, span, expected):
    assert CALENDAR.plus(start, duration(span)) == expected


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (2024, ["1 Jan", "29 Mar", "1 Apr", "6 May", "27 May", "26 Aug", "25 Dec", "26 Dec"]),
        (2025, ["1 Jan", "18 Apr", "21 Apr", "5 May", "26 May", "25 Aug", "25 Dec", "26 Dec"]),
        (2026, ["1 Jan", "3 Apr", "6 Apr", "4 May", "25 May", "31 Aug", "25 Dec", "28 Dec"]),
        (2027, ["1 Jan", "26 Mar", "29 Mar", "3 May", "31 May", "30 Aug", "27 Dec", "28 Dec"]),
        (2028, ["3 Jan", "14 Apr", "17 Apr", "1 May", "29 May", "28 Aug", "25 Dec", "26 Dec"]),
        (2029, ["1 Jan", "30 Mar", "2 Apr", "7 May", "28 May", "27 Aug", "25 Dec", "26 Dec"]),
        (2030, ["1 Jan", "19 Apr", "22 Apr", "6 May", "27 May", "26 Aug", "25 Dec", "26 Dec"]),
    ],
)
def test_the_weekdays_not_worked_are_the_bank_holidays_of_england_and_wales(year, expected):
    found = [found for found, _ in CALENDAR.crossed(date(year - 1, 12, 31), date(year, 12, 31))]
    assert [f"{found.day} {found:%b}" for found in found] == expected
    assert not any(CALENDAR.is_working(holiday) for holiday in found)


def test_the_one_off_holidays_of_the_past_are_known():
    for holiday in ("Mon 8 May 2023", "Mon 19 Sep 2022", "Fri 3 Jun 2022", "Fri 8 May 2020"):
        assert not CALENDAR.is_working(day(holiday))


def test_a_one_off_holiday_may_be_added():
    ours = WorkingCalendar(holidays_added=[day("Wed 11 Mar 2026")])
    assert ours.plus(day("Tue 10 Mar 2026"), duration("1wd")) == day("Thu 12 Mar 2026")
    assert ours.crossed(day("Tue 10 Mar 2026"), day("Thu 12 Mar 2026")) == [(day("Wed 11 Mar 2026"), "one-off holiday")]


def test_a_bank_holiday_may_be_worked_after_all():
    ours = WorkingCalendar(working_days_added=[day("Fri 3 Apr 2026"), day("Tue 10 Mar 2026")])
    assert ours.plus(day("Thu 2 Apr 2026"), duration("1wd")) == day("Fri 3 Apr 2026")


def test_the_fingerprint_changes_only_with_the_days_worked():
    assert WorkingCalendar().fingerprint == CALENDAR.fingerprint
    assert WorkingCalendar(working_days_added=[day("Fri 3 Apr 2026")]).fingerprint != CALENDAR.fingerprint


@pytest.mark.parametrize(
    ("start", "span"),
    [
        row("before the first day", "Fri 31 Dec 1999", "1d"),
        row("after the last day", "Fri 1 Jan 2100", "-1d"),
        row("beyond the end in days", "Thu 31 Dec 2099", "1d"),
        row("beyond the beginning in days", "Sat 1 Jan 2000", "-1d"),
        row("beyond the end in months", "Thu 31 Dec 2099", "1m"),
        row("beyond the end in working days", "Thu 31 Dec 2099", "1wd"),
        row("beyond the beginning in working days", "Tue 4 Jan 2000", "-1wd"),
    ],
)
def test_a_sum_that_leaves_the_calendar_is_refused(start, span):
    with pytest.raises(OutsideCalendar, match="2000 to 2099"):
        CALENDAR.plus(start, duration(span))


def test_the_first_and_the_last_day_are_within():
    assert CALENDAR.plus(FIRST, duration("0d")) == FIRST
    assert CALENDAR.plus(LAST, duration("0d")) == LAST


def test_the_holidays_crossed_are_named_whichever_way_the_sum_runs():
    easter = [(day("Fri 3 Apr 2026"), "Good Friday"), (day("Mon 6 Apr 2026"), "Easter Monday")]
    assert CALENDAR.crossed(day("Thu 2 Apr 2026"), day("Tue 7 Apr 2026")) == easter
    assert CALENDAR.crossed(day("Tue 7 Apr 2026"), day("Thu 2 Apr 2026")) == easter


def test_a_holiday_on_the_first_day_is_not_crossed_but_one_on_the_last_is():
    assert CALENDAR.crossed(day("Fri 3 Apr 2026"), day("Sun 5 Apr 2026")) == []
    assert CALENDAR.crossed(day("Thu 2 Apr 2026"), day("Fri 3 Apr 2026")) == [(day("Fri 3 Apr 2026"), "Good Friday")]


def test_a_holiday_on_a_weekend_is_not_crossed():
    assert CALENDAR.crossed(day("Fri 25 Dec 2026"), day("Sun 27 Dec 2026")) == []


@given(DAYS, st.integers(1, 60))
def test_the_nth_working_day_after_has_n_working_days_up_to_it(start, n):
    end = CALENDAR.plus(start, Duration(n, Unit.WORKING_DAYS))
    assert CALENDAR.is_working(end)
    assert sum(CALENDAR.is_working(start + timedelta(i)) for i in range(1, (end - start).days + 1)) == n


@given(DAYS, st.integers(1, 60))
def test_the_nth_working_day_before_has_n_working_days_down_to_it(start, n):
    end = CALENDAR.plus(start, Duration(-n, Unit.WORKING_DAYS))
    assert CALENDAR.is_working(end)
    assert sum(CALENDAR.is_working(end + timedelta(i)) for i in range((start - end).days)) == n


@given(DAYS, st.integers(1, 60))
def test_from_a_working_day_there_and_back_is_home(start, n):
    home = CALENDAR.plus(start, Duration(0, Unit.WORKING_DAYS))
    there = CALENDAR.plus(home, Duration(n, Unit.WORKING_DAYS))
    assert CALENDAR.plus(there, Duration(-n, Unit.WORKING_DAYS)) == home


@given(DAYS, DAYS, st.integers(-60, 60), st.sampled_from(Unit))
def test_a_later_day_plus_the_same_span_is_never_earlier(one, other, n, unit):
    early, late = min(one, other), max(one, other)
    assert CALENDAR.plus(early, Duration(n, unit)) <= CALENDAR.plus(late, Duration(n, unit))


@given(DAYS, st.integers(-12, 11), st.sampled_from(Unit))
def test_a_longer_span_never_ends_earlier(start, n, unit):
    assert CALENDAR.plus(start, Duration(n, unit)) <= CALENDAR.plus(start, Duration(n + 1, unit))


@given(DAYS)
def test_rolling_twice_is_rolling_once(start):
    none = Duration(0, Unit.WORKING_DAYS)
    assert CALENDAR.plus(CALENDAR.plus(start, none), none) == CALENDAR.plus(start, none)


@given(DAYS, st.integers(-24, 24))
def test_a_month_sum_lands_on_the_same_day_number_or_the_months_last(start, n):
    end = CALENDAR.plus(start, Duration(n, Unit.MONTHS))
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == n
    assert end.day == start.day or (end.day < start.day and (end + timedelta(1)).day == 1)


def test_a_bank_holiday_on_a_weekend_lengthens_no_span():
    """Boxing Day 2026 is a Saturday; its substitute is the Monday after."""
    names = [name for _, name in WorkingCalendar().crossed(date(2026, 12, 24), date(2026, 12, 31))]
    days = [day for day, _ in WorkingCalendar().crossed(date(2026, 12, 24), date(2026, 12, 31))]
    assert days == [date(2026, 12, 25), date(2026, 12, 28)]
    assert len(names) == 2

"""The days of sittings: every rule of RFC 5545 that names days, London's clocks, and non-working days."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from config.days.duration import Duration, Unit
from config.days.london import LONDON, london_day
from config.panels import Panel
from config.sittings import NonWorkingDay
from models.rules.calendar import FIRST, LAST, WorkingCalendar
from models.rules.reviews.sitting_days import back, last_day, occurrences
from tests.worlds.days import day, row

CALENDAR = WorkingCalendar()
SETTLED = Duration(5, Unit.WORKING_DAYS)
RULES = (
    "FREQ=WEEKLY;BYDAY=TU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=DAILY",
    "FREQ=MONTHLY;BYMONTHDAY=25,26", "FREQ=WEEKLY;BYDAY=SA;COUNT=30", "FREQ=WEEKLY;BYDAY=TH;UNTIL=20260601",
)  # fmt: skip


def panel(rrule="FREQ=WEEKLY;BYDAY=TU", **more: Any) -> Panel:
    given = {
        "force_code": "45", "cps_area": "South East", "from": "2026-01-06", "rrule": rrule, "starts": "10:00",
        "cases": 12, "minutes_per_case": 10, "chair": "P45sp0", "place": "Room 2", **more,
    }  # fmt: skip
    return Panel.model_validate(given)


def days(one: Panel, today: date, until: date | None = None) -> list[date]:
    return [each.day for each in occurrences([one], today, until or today, CALENDAR)]


def test_a_weekly_panel_sits_every_week_after_today_as_far_as_its_horizon():
    found = days(panel(horizon="14d"), day("Tue 3 Mar 2026"))
    assert found == [day("Tue 10 Mar 2026"), day("Tue 17 Mar 2026")]


@pytest.mark.parametrize(
    ("what", "first"),
    [
        row("next", "next", "Tue 7 Apr 2026"),
        row("skip", "skip", "Mon 13 Apr 2026"),
    ],
)
def test_a_sitting_on_easter_monday_moves_to_the_next_working_day_or_is_skipped(what, first):
    found = days(panel("FREQ=WEEKLY;BYDAY=MO", non_working_day=what), day("Wed 1 Apr 2026"))
    assert found[0] == first


def test_a_sitting_that_was_moved_is_still_to_come_on_the_holiday_itself():
    assert days(panel("FREQ=WEEKLY;BYDAY=FR"), day("Fri 3 Apr 2026"))[0] == day("Tue 7 Apr 2026")
    assert days(panel("FREQ=WEEKLY;BYDAY=FR"), day("Tue 7 Apr 2026"))[0] == day("Fri 10 Apr 2026")


def test_two_of_a_panel_that_come_to_one_moment_are_the_later_one():
    moved = occurrences([panel("FREQ=WEEKLY;BYDAY=FR,MO,TU")], day("Thu 2 Apr 2026"), day("Tue 7 Apr 2026"), CALENDAR)
    assert [(each.day, each.ruled_on) for each in moved[:2]] == [
        (day("Tue 7 Apr 2026"), day("Tue 7 Apr 2026")), (day("Fri 10 Apr 2026"), day("Fri 10 Apr 2026")),
    ]  # fmt: skip


def test_two_panels_of_a_pair_are_one_list_and_the_first_prevails_where_they_meet():
    large, small = panel(cases=20), panel("FREQ=WEEKLY;BYDAY=TU,TH", cases=3, place="Room 9")
    found = occurrences([large, small], day("Mon 2 Mar 2026"), day("Mon 2 Mar 2026"), CALENDAR)
    assert [(each.day, each.panel.cases) for each in found[:3]] == [
        (day("Tue 3 Mar 2026"), 20), (day("Thu 5 Mar 2026"), 3), (day("Tue 10 Mar 2026"), 20),
    ]  # fmt: skip


def test_it_begins_at_the_same_time_by_londons_clocks_in_winter_and_summer():
    found = occurrences([panel()], day("Mon 23 Mar 2026"), day("Mon 23 Mar 2026"), CALENDAR)
    assert [each.starts_at for each in found[:2]] == [
        datetime(2026, 3, 24, 10, tzinfo=UTC), datetime(2026, 3, 31, 9, tzinfo=UTC),
    ]  # fmt: skip


def test_an_existing_sitting_is_looked_for_beyond_the_horizon():
    assert days(panel(horizon="7d"), day("Mon 2 Mar 2026"), day("Tue 17 Mar 2026")) == [
        day("Tue 3 Mar 2026"), day("Tue 10 Mar 2026"), day("Tue 17 Mar 2026"),
    ]  # fmt: skip


@pytest.mark.parametrize("today", [FIRST, FIRST + timedelta(days=2), LAST - timedelta(days=3), LAST])
@pytest.mark.parametrize("rrule", RULES)
def test_at_the_calendars_ends_there_are_fewer_sittings_and_no_fault(today, rrule):
    one = panel(rrule, **{"from": "2000-01-01"})
    assert all(today < each <= LAST for each in days(one, today))
    assert last_day(one, LAST) == LAST
    assert back(FIRST, SETTLED, CALENDAR) == date.min


def test_a_sitting_that_would_move_beyond_the_calendar_is_not_held():
    closed = WorkingCalendar([LAST])
    found = occurrences([panel("FREQ=DAILY", **{"from": "2099-12-01"})], LAST - timedelta(days=2), LAST, closed)
    assert [each.day for each in found] == [LAST - timedelta(days=1)]


def test_the_day_from_which_a_sitting_is_settled_counts_working_days():
    assert back(day("Tue 7 Apr 2026"), SETTLED, CALENDAR) == day("Fri 27 Mar 2026")


@settings(deadline=None)
@given(
    st.sampled_from(RULES),
    st.sampled_from(list(NonWorkingDay)),
    st.times(),
    st.dates(date(2025, 12, 1), date(2027, 6, 1)),
    st.integers(7, 182),
)
def test_every_rule_gives_working_days_inside_the_horizon_each_moment_once(rrule, what, starts, today, horizon):
    one = panel(
        rrule, starts=starts.replace(second=0, microsecond=0).isoformat(), non_working_day=what, horizon=f"{horizon}d"
    )
    found = occurrences([one], today, today, CALENDAR)
    assert [each.starts_at for each in found] == sorted({each.starts_at for each in found})
    for each in found:
        assert today < each.day <= today + timedelta(days=horizon)
        assert CALENDAR.is_working(each.day)
        assert london_day(each.starts_at) == each.day
        assert each.starts_at.astimezone(LONDON).time() == one.starts
    ruled = {
        moment.date()
        for moment in rrulestr(rrule, dtstart=datetime.combine(one.from_, time())).between(
            datetime.combine(today, time.max), datetime.combine(today + timedelta(days=horizon), time.max)
        )
    }
    kept = {each for each in ruled if CALENDAR.is_working(each)}
    moved = {each.day for each in found} - kept
    assert kept <= {each.day for each in found}
    assert not moved or what is NonWorkingDay.NEXT

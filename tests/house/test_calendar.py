"""The bank holidays that the working days depend on are known for next year too."""

from datetime import UTC, datetime

import pytest

from models.rules.calendar import WorkingCalendar

NEXT_YEAR = datetime.now(UTC).year + 1
EVERY_YEAR = ["New Year's Day", "Good Friday", "Easter Monday", "May Day", "Spring Bank Holiday"]
EVERY_YEAR += ["Late Summer Bank Holiday", "Christmas Day", "Boxing Day"]


@pytest.mark.parametrize("holiday", EVERY_YEAR)
@pytest.mark.parametrize("year", [NEXT_YEAR - 1, NEXT_YEAR])
def test_the_calendar_knows_the_holiday_this_year_and_next(holiday, year):
    known = {name for day, name in WorkingCalendar().names.items() if day.year == year}
    assert any(name.startswith(holiday) for name in known), sorted(known)


def test_next_years_bank_holidays_are_eight_or_more_days_off_work():
    calendar = WorkingCalendar()
    off = [day for day in calendar.names if day.year == NEXT_YEAR and day.weekday() < 5]
    assert len(off) >= 8
    assert not any(calendar.is_working(day) for day in off)

"""When a meeting's people are invited, and until when an empty meeting may still get a case."""

from datetime import UTC, date, datetime

import pytest

from config.duration import Duration, Unit
from models.rules.calendar import WorkingCalendar
from models.rules.reviews.invitation_plan import InvitingTerms

FRIDAY, MONDAY, TUESDAY = date(2026, 3, 20), date(2026, 3, 23), date(2026, 3, 24)


def terms(day: date) -> InvitingTerms:
    return InvitingTerms(
        datetime(day.year, day.month, day.day, 9, tzinfo=UTC), WorkingCalendar(), Duration(2, Unit.WORKING_DAYS)
    )


@pytest.mark.parametrize(
    ("today", "takes"), [(FRIDAY, True), (date(2026, 3, 22), True), (MONDAY, False), (TUESDAY, False)]
)
def test_an_empty_meeting_takes_a_case_until_the_working_day_before_it_begins(today, takes):
    assert terms(today).takes_cases(TUESDAY) is takes


@pytest.mark.parametrize(
    ("today", "settled"), [(date(2026, 3, 19), False), (FRIDAY, True), (MONDAY, True), (TUESDAY, True)]
)
def test_the_minutes_of_a_meeting_are_fixed_so_many_working_days_before_it(today, settled):
    assert terms(today).is_settled(TUESDAY) is settled

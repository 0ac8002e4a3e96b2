"""London days and hours, and the changes of the clocks."""

from datetime import UTC, date, datetime, time

import pytest

from config.days.london import at_london, london_day


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 6, 30, 22, 59, tzinfo=UTC), date(2026, 6, 30)),
        (datetime(2026, 6, 30, 23, 0, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 12, 31, 23, 59, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2027, 1, 1, 0, 0, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_the_day_is_londons(at: datetime, day: date) -> None:
    assert london_day(at) == day


@pytest.mark.parametrize(
    ("day", "clock", "at"),
    [
        (date(2026, 11, 25), time(8), datetime(2026, 11, 25, 8, 0, tzinfo=UTC)),
        (date(2026, 3, 28), time(8), datetime(2026, 3, 28, 8, 0, tzinfo=UTC)),
        (date(2026, 3, 29), time(8), datetime(2026, 3, 29, 7, 0, tzinfo=UTC)),  # the clocks went forward at 01:00
        (date(2026, 10, 24), time(8), datetime(2026, 10, 24, 7, 0, tzinfo=UTC)),
        (date(2026, 10, 25), time(8), datetime(2026, 10, 25, 8, 0, tzinfo=UTC)),
        (date(2026, 10, 25), time(1, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # shown twice: the earlier
    ],
)
def test_a_london_time_is_a_moment_whatever_the_season(day: date, clock: time, at: datetime) -> None:
    assert at_london(day, clock) == at


def test_eight_in_the_morning_unless_said() -> None:
    assert at_london(date(2026, 11, 25)) == datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


def test_the_day_of_a_moment_without_its_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="needs its zone"):
        london_day(datetime(2026, 6, 1, 8, 0))  # noqa: DTZ001

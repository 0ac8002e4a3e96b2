"""The clock gives moments in UTC, and takes none of a day that has not come."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from config.days.london import LONDON, london_day
from flows.clock import moment
from models.errors import Refuse
from models.rules.arithmetic import format_day


def test_a_named_moment_is_given_back_in_utc() -> None:
    named = datetime(2026, 6, 1, 8, 0, tzinfo=timezone(timedelta(hours=1)))
    assert moment(named) == datetime(2026, 6, 1, 7, 0, tzinfo=UTC)
    assert moment(named).tzinfo is UTC


def test_unnamed_it_is_the_present_in_utc() -> None:
    before, told = moment(), moment()
    assert before <= told
    assert told.tzinfo is UTC


def test_a_moment_without_its_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="needs its zone"):
        moment(datetime(2026, 6, 1, 8, 0))  # noqa: DTZ001


def test_the_last_minute_of_today_in_london_is_taken_and_the_next_is_refused() -> None:
    tomorrow = london_day(moment()) + timedelta(days=1)
    midnight = datetime.combine(tomorrow, datetime.min.time(), LONDON)
    assert moment(midnight - timedelta(minutes=1)) == midnight - timedelta(minutes=1)
    with pytest.raises(Refuse) as refused:
        moment(midnight)
    assert str(refused.value) == (
        f"{format_day(tomorrow)} has not come yet: as_of takes today or a day before it. Nothing was done."
    )


def test_a_virtual_clock_takes_a_later_day_within_the_calendar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    later = datetime(2098, 1, 1, 8, tzinfo=UTC)
    assert moment(later) == later
    with pytest.raises(Refuse, match='"2100-01-01" is outside the calendar, which covers 2000 to 2099'):
        moment(datetime(2100, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    "edge",
    [
        datetime(9999, 12, 31, 23, 59, tzinfo=timezone(-timedelta(hours=23, minutes=59))),
        datetime(9999, 12, 31, 23, 59, tzinfo=UTC),
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=23, minutes=59))),
        datetime(1, 1, 1, tzinfo=UTC),
    ],
)
def test_a_moment_at_the_edge_of_what_python_knows_is_refused_in_a_sentence(edge: datetime) -> None:
    with pytest.raises(Refuse, match="is outside the calendar, which covers 2000 to 2099"):
        moment(edge)

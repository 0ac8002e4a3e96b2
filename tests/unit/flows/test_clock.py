"""The clock gives moments in UTC."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from flows.clock import moment


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

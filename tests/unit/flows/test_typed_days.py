"""Days that people type, with their weekday."""

from datetime import date

import pytest

from tests.worlds.days import day, row


def test_a_day_is_read_with_its_weekday():
    assert day("Mon 2 Mar 2026") == date(2026, 3, 2)


def test_a_weekday_that_is_not_that_dates_is_refused():
    with pytest.raises(ValueError, match="that day is a Monday"):
        row("a wrong table cannot pass", "Tue 2 Mar 2026")


def test_what_is_not_a_day_stays_as_it_is():
    assert row("label", "Monday", None, 3).values == ("Monday", None, 3)

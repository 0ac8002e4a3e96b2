"""Months as the report names them."""

from datetime import date

import pytest

from models.rules.report.months import Month, month_of, read_month


def test_a_month_has_its_first_and_last_day_also_in_december_and_in_a_leap_year():
    assert (Month(2026, 12).first, Month(2026, 12).last) == (date(2026, 12, 1), date(2026, 12, 31))
    assert (Month(2028, 2).first, Month(2028, 2).last) == (date(2028, 2, 1), date(2028, 2, 29))


def test_the_month_before_january_is_december_and_a_year_back_is_the_same_month():
    assert Month(2026, 1).back(1) == Month(2025, 12)
    assert Month(2026, 12).back(12) == Month(2025, 12)
    assert Month(2026, 12).back(-1) == Month(2027, 1)


def test_a_month_is_read_as_it_is_written():
    assert read_month("2026-10") == Month(2026, 10)
    assert str(month_of(date(2026, 3, 31))) == "2026-03"


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-0", "1999-01", "26-01", "2026-01-01", "", "\uff12\uff10\uff12\uff16-01", "2026-10\n"]
)
def test_anything_else_is_no_month(text):
    with pytest.raises(ValueError, match="2026-10"):
        read_month(text)

"""Days as sources write them: which cells have a form, and which forms a profile may name."""

from datetime import date

import pytest

from config.sources.day_forms import counted_from, day_form, day_forms, order_of, read_day

NINTH = date(2026, 11, 9)


@pytest.mark.parametrize(
    ("form", "cell", "day"),
    [
        ("DD/MM/YYYY", "09/11/2026", NINTH),
        ("DD/MM/YYYY", "9/11/2026", None),
        ("D/M/YY", "9/11/26", NINTH),
        ("D/M/YY", "31/11/26", None),
        ("D MMM YYYY", "9 November 2026", NINTH),
        ("DD-MMM-YY", "09-NOV-26", NINTH),
        ("DD-MMM-YY", "09-Nob-26", None),
        ("YYYYMMDD", "20261109", NINTH),
        ("DD/MM/YYYY HH:mm", "09/11/2026 23:30", NINTH),
        ("DD/MM/YYYY HH:mm", "09/11/2026 25:30", None),
        ("DD/MM/YYYY *", "09/11/2026 by phone", NINTH),
        ("YYYY-MM-DDTHH:mm:ss", "2026-11-09T23:30:00.1234567", NINTH),
        ("YYYY-MM-DDTHH:mm:ssZ", "2026-07-09T23:30:00Z", date(2026, 7, 10)),  # summer time
        ("YYYY-MM-DDTHH:mm:ssZ", "2026-11-09T23:30:00Z", NINTH),
        ("YYYY-MM-DDTHH:mm:ssZ", "0001-01-01T00:00:00Z", None),
        ("serial", "46335", NINTH),
        ("serial", "46335.99", NINTH),
        ("serial", "26335", None),
        ("serial", "463350", None),
    ],
)
def test_a_cell_is_the_day_of_its_form_or_none(form, cell, day):
    assert day_form(form).read(cell) == day


@pytest.mark.parametrize(
    ("form", "fault"),
    [
        ("DD/MM", "needs a year, a month and a day"),
        ("DD/MM/YYYY MM", "each once"),
        ("YY/MM/DD YYYY", "each once"),
        ("DD of MM YYYY", "has o, f, which is no part of a day"),
        ("serials", "has s, e, r, i, a, l, s, which is no part"),
        ("", "is not a form of days"),
        (20261109, "is not a form of days"),
    ],
)
def test_a_form_has_a_year_a_month_and_a_day_and_nothing_strange(form, fault):
    with pytest.raises(ValueError, match=fault):
        day_form(form)


def test_the_first_form_that_fits_is_taken():
    forms = day_forms(["D/M/YYYY", "YYYY-MM-DD"])
    assert [read_day(cell, forms) for cell in ("2026-11-09", "9/11/2026", "soon")] == [NINTH, NINTH, None]


def test_days_and_times_in_several_forms_sort_as_they_were():
    forms = day_forms(["DD/MM/YYYY HH:mm", "DD/MM/YYYY", "serial", "YYYY-MM-DDTHH:mm:ssZ"])
    cells = ["08/11/2026", "08/11/2026 09:30", "46334.5", "2026-11-08T23:59:00Z", "09/11/2026"]
    orders = [order_of(cell, forms) or "" for cell in cells]
    assert orders == sorted(orders)
    assert order_of("soon", forms) is None


def test_a_number_of_days_is_no_second_reading_of_a_form_without_signs():
    with pytest.raises(ValueError, match="a day has to mean one thing"):
        day_forms(["DMMYY", "serial"])


def test_a_book_that_counts_from_another_day_has_a_form_of_its_own():
    assert counted_from(date(1904, 1, 1)).read("44873") == NINTH


@pytest.mark.parametrize("other", ["MM/DD/YYYY", "DD/MM/YYYY", "M/D/YYYY"])
def test_two_forms_that_read_one_cell_as_two_days_are_refused(other):
    with pytest.raises(ValueError, match="a day has to mean one thing"):
        day_forms(["DD/MM/YYYY", other])

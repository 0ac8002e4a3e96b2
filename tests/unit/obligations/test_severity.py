"""Severity: four degrees of lateness, by the three days of an obligation."""

import pytest

from config.terms import Severity
from models.rules.obligations.severity import severity
from tests.worlds.days import day, row

REMIND, DUE, ESCALATE = day("Mon 9 Mar 2026"), day("Mon 16 Mar 2026"), day("Wed 18 Mar 2026")


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        row("the day before the reminder", "Sun 8 Mar 2026", Severity.NOT_DUE_YET),
        row("the day of the reminder", "Mon 9 Mar 2026", Severity.DUE_SOON),
        row("the due day itself", "Mon 16 Mar 2026", Severity.DUE_SOON),
        row("the day after the due day", "Tue 17 Mar 2026", Severity.OVERDUE),
        row("the day of escalation", "Wed 18 Mar 2026", Severity.CRITICALLY_OVERDUE),
        row("long after", "Fri 18 Sep 2026", Severity.CRITICALLY_OVERDUE),
    ],
)
def test_lateness_has_four_words(on, expected):
    assert severity(DUE, REMIND, ESCALATE, on) is expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        row("the day before", "Sun 15 Mar 2026", Severity.NOT_DUE_YET),
        row("the day itself", "Mon 16 Mar 2026", Severity.DUE_SOON),
        row("the day after", "Tue 17 Mar 2026", Severity.CRITICALLY_OVERDUE),
    ],
)
def test_where_all_three_days_are_one_it_is_critical_from_the_day_after(on, expected):
    assert severity(DUE, DUE, DUE, on) is expected

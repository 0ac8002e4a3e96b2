"""Checks of a row's cells together."""

import pytest

from tasks.intake.checks import from_before_to
from tests.unit.days import row


@pytest.mark.parametrize(
    ("begins", "ends", "said"),
    [
        row("an absence of one day", "2026-03-16", "2026-03-16", []),
        row("one that ends later", "2026-03-16", "2026-03-20", []),
        row(
            "one that ends before it begins",
            "2026-03-17",
            "2026-03-16",
            ["to_on 2026-03-16 is before from_on 2026-03-17"],
        ),
        row("a day that could not be read", None, "2026-03-16", []),
        row("no day", "\\N", "2026-03-16", []),
    ],
)
def test_an_absence_that_ends_before_it_begins_is_refused(begins, ends, said):
    assert [str(each) for each in from_before_to([begins, ends], {"from_on": 0, "to_on": 1}, None)] == said

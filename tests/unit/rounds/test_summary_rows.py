"""A force's row on the round's page: the trend of its stalled cases against the day before."""

import pytest

from tasks.rounds.summary import _row
from tasks.rounds.verdict import ForceLine

LINE = ForceLine("45", None, chased=2, escalated=1, said=4, failure=None)


@pytest.mark.parametrize(
    ("stalled", "before", "trend"),
    [
        (3, 2, "\N{BLACK UP-POINTING TRIANGLE}"),
        (2, 3, "\N{BLACK DOWN-POINTING TRIANGLE}"),
        (2, 2, ""),
        (2, None, ""),
        (0, 0, ""),
    ],
)
def test_the_trend_points_where_the_number_of_stalled_cases_went(stalled, before, trend):
    assert _row(LINE, stalled, before)["trend"] == trend


def test_a_force_without_an_account_counts_nothing_and_does_not_balance():
    row = _row(LINE, 1, None)
    assert {
        name: row[name] for name in ("to_project", "open_cases", "evaluated", "unchanged", "failed")
    } == dict.fromkeys(("to_project", "open_cases", "evaluated", "unchanged", "failed"), 0)
    assert (row["counted"], row["balances"], row["steps"]) == (False, False, 3)

"""A force's row on the round's page: the trend of its stalled cases against the day before."""

import pytest

from models.queries.rounds.rounds import RoundAfter
from tasks.obligations.projection import ProjectionAccount
from tasks.rounds.summary import _row, force_line
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


ACCOUNT = ProjectionAccount("45", to_project=7, open_cases=6, evaluated=4, unchanged=2, failed=1, changes=9)


def test_a_force_with_an_account_has_its_numbers():
    row = _row(LINE._replace(account=ACCOUNT, passed_over="x"), 1, None)
    assert {name: row[name] for name in ("to_project", "open_cases", "evaluated", "unchanged", "failed")} == {
        "to_project": 7, "open_cases": 6, "evaluated": 4, "unchanged": 2, "failed": 1,
    }  # fmt: skip
    assert (row["counted"], row["balances"], row["steps"], row["said"]) == (True, True, 3, 4)
    assert not _row(LINE._replace(account=ACCOUNT._replace(failed=0)), 1, None)["balances"]


def test_a_line_is_what_was_kept_of_a_round_with_or_without_its_account():
    kept = {**ACCOUNT._asdict(), "chased": 2, "escalated": 1, "said": 4, "passed_over": "x", "stalled": 3}
    assert force_line(RoundAfter("45", 8, True, kept, None)) == LINE._replace(account=ACCOUNT, passed_over="x")
    assert force_line(RoundAfter("45", 8, True, {}, "OSError")) == ForceLine("45", None, 0, 0, 0, "OSError")
    steps = {"chased": 2, "escalated": 1, "said": 4}
    assert force_line(RoundAfter("45", 8, True, steps, "OSError")) == LINE._replace(failure="OSError")

"""The sentences with which a projection is counted, and people are answered who promise or report something done."""

from datetime import date

import pytest

from models.intake import OWN
from tasks.obligations.acknowledge import LONGEST_REASON, WithdrawalResult
from tasks.obligations.complete_action import CompletionResult, UndoneCompletion
from tasks.obligations.projection import ProjectionAccount

DAY = date(2026, 3, 17)
ACCOUNT = ProjectionAccount("45", to_project=9, open_cases=7, evaluated=5, unchanged=3, failed=1, changes=2)


def test_an_account_balances_where_every_case_is_evaluated_unchanged_or_failed():
    assert (ACCOUNT.looked_at, ACCOUNT.balances) == (8, True)
    assert not ACCOUNT._replace(failed=0).balances
    assert not ACCOUNT._replace(unchanged=2).balances
    assert ACCOUNT.sentence == "force 45: 8 of 9 cases evaluated (5 now, 3 unchanged; 7 open), 1 failed"


@pytest.mark.parametrize(
    ("until_on", "sentence"),
    [
        (None, "The promise about 45/7 action is taken back already. Nothing was changed."),
        (DAY, "The promise of P1 about 45/7 action until Tue 17 Mar 2026 is taken back. Its notices go on."),
    ],
)
def test_a_promise_that_is_taken_back(until_on, sentence):
    assert WithdrawalResult("45/7 action", "P1", until_on).sentence == sentence
    assert LONGEST_REASON == 1_000


@pytest.mark.parametrize(
    ("new", "source", "sentence"),
    [
        (False, "niche", "already. Nothing was changed."),
        (True, OWN, "It was raised here at a review."),
        (
            True, "niche",
            "That stands until niche's own row of it changes: see that it is recorded there too.",
        ),
    ],
)  # fmt: skip
def test_an_action_that_is_reported_done(new, source, sentence):
    stop = "." if new else ""
    assert CompletionResult("45", "7", "A1", DAY, new, source).sentence == (
        f"A1 of 45/7 is recorded as done on Tue 17 Mar 2026{stop} {sentence}"
    )


@pytest.mark.parametrize(("new", "end"), [(True, ". It is owed as before."), (False, " already. Nothing was changed.")])
def test_a_report_that_is_taken_back(new, end):
    assert UndoneCompletion("45", "7", "A1", DAY, new).sentence == (
        f"The report that A1 of 45/7 was done on Tue 17 Mar 2026 is taken back{end}"
    )

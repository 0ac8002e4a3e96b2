"""What an extract changes is held against its source's open cases and filled cells: both limits have to be passed."""

import pytest

from config.policy import IntakePolicy
from models.rules.volume import CaseVolume, changes_too_many, empties_too_many, grows_too_fast

LIMITS = IntakePolicy(max_rejected_percent=5, max_withdrawn_percent=10, more_than_rows=20)


@pytest.mark.parametrize(
    ("changed", "open_cases", "too_many"),
    [(20, 20, False), (21, 21, True), (21, 209, True), (21, 210, False), (40, 40, True), (100, 1_000, False)],
)
def test_more_than_twenty_and_more_than_a_tenth_of_the_open_cases_are_too_many(changed, open_cases, too_many):
    assert changes_too_many(CaseVolume(changed, 0, 0, changed), open_cases, LIMITS) is too_many


@pytest.mark.parametrize(
    ("emptied", "filled", "too_many"),
    [(20, 20, False), (21, 21, True), (21, 42, True), (21, 43, False), (500, 1_000, True), (499, 1_000, False)],
)
def test_more_than_twenty_and_half_of_the_filled_cells_are_too_many(emptied, filled, too_many):
    assert empties_too_many(emptied, filled, LIMITS) is too_many


@pytest.mark.parametrize(
    ("new", "before", "most", "extracts", "too_fast"),
    [
        (21, 100, 7, 5, False), (22, 100, 7, 5, True), (22, 220, 7, 5, False), (22, 219, 7, 5, True),
        (22, 100, 7, 4, False), (20, 10, 0, 5, False), (21, 10, 0, 28, True),
    ],
)  # fmt: skip
def test_new_cases_are_many_beside_the_book_and_beside_the_sources_past(new, before, most, extracts, too_fast):
    assert grows_too_fast(new, before, most, extracts, LIMITS) is too_fast

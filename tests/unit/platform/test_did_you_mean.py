"""The name that was meant."""

import pytest

from models.errors import did_you_mean


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        ("acknowlege", " Did you mean acknowledge?"),
        ("OUTBOX", " Did you mean outbox?"),
        ("joint-reveiw", " Did you mean joint-review?"),
        ("chase", ""),
        ("", ""),
    ],
)
def test_a_near_name_is_asked_for_and_a_far_one_is_not(typed: str, question: str) -> None:
    assert did_you_mean(typed, ["acknowledge", "outbox", "joint-review"]) == question

"""The sentence about one climb: of a force, or of the book as a whole."""

import pytest

from tasks.obligations.climbing import ClimbCounts


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        (ClimbCounts("45", 1, 2), "force 45: 1 step taken, 2 notifications"),
        (ClimbCounts(None, 2, 1), "the book as a whole: 2 steps taken, 1 notification"),
        (ClimbCounts("46", 0, 0, (7, 0)), "force 46: 0 steps taken, 0 notifications, 2 obligations passed over"),
    ],
)
def test_the_sentence_names_whose_climb_it_was_and_what_it_passed_over(counts, sentence):
    assert counts.sentence == sentence

"""The pace of answers: the share answered by each working day, and the place of one thing in it."""

import pytest

from models.rules.rehearsal import AnswerPace, ObservedLag, measure


def test_the_share_answered_rises_where_something_was_answered():
    pace = measure([ObservedLag(-2, True, 1), ObservedLag(0, True, 2), ObservedLag(3, True, 1)])
    assert pace == AnswerPace(((-2, 0.25), (0, pytest.approx(0.75)), (3, 1.0)), 4)
    assert [pace.share_by(lag) for lag in (-3, -2, -1, 0, 2, 3, 9)] == pytest.approx([0, 0.25, 0.25, 0.75, 0.75, 1, 1])


def test_what_waits_counts_among_what_could_be_answered_until_it_was_last_seen():
    pace = measure(
        [ObservedLag(0, True, 1), ObservedLag(0, False, 1), ObservedLag(1, True, 1), ObservedLag(5, False, 1)]
    )
    assert pace.shares == (pytest.approx((0, 0.25)), pytest.approx((1, 0.625)))  # of two that were left, one
    assert measure([]) == AnswerPace((), 0)
    assert measure([ObservedLag(2, False, 3)]) == AnswerPace((), 3)


@pytest.mark.parametrize(
    ("chance", "reached", "lag"),
    [
        (0.0, -9, -1), (0.49, -9, -1), (0.5, -9, 2), (0.79, -9, 2), (0.8, -9, None), (0.99, -9, None),
        (0.0, -1, -1),  # on the very day that is reached
        (0.0, 0, 2), (0.59, 0, 2), (0.61, 0, None),  # of the half that is left, three in five
        (0.0, 3, None),  # later than any that was answered
    ],
)  # fmt: skip
def test_a_chance_places_one_thing_among_those_that_got_as_far(chance, reached, lag):
    assert AnswerPace(((-1, 0.5), (2, 0.8)), 10).lag(chance, reached) == lag


def test_nothing_is_answered_at_a_pace_without_answers():
    assert AnswerPace((), 7).lag(0.0, 0) is None

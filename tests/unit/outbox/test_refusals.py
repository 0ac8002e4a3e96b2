"""Whose fault a refusal is."""

import pytest

from models.rules.outbox.refusals import RefusedMessage, alike, too_many


def refused(*refs, words="550 no"):
    return [RefusedMessage(ref, words) for ref in refs]


@pytest.mark.parametrize(
    ("refs", "accepted", "fault"),
    [
        ("abcde", 0, False),
        ("abcdef", 0, True),
        ("abcdef", 6, True),
        ("abcdef", 7, False),
        ("aaaaaaa", 0, False),  # one reader's letters
    ],
)
def test_more_than_five_recipients_and_half_of_all_are_the_carriers_fault(refs, accepted, fault):
    assert too_many(refused(*refs), accepted, most=5) is fault


@pytest.mark.parametrize(
    ("messages", "before", "fault"),
    [
        (refused("a", "b"), ["a"], True),
        (refused("a", "b"), [], False),
        (refused("a", "a"), ["a"], False),
        ([*refused("a"), *refused("b", words="550 full")], ["a", "b"], False),
        ([*refused("a", "b"), *refused("c", words="550 full")], ["c"], False),
    ],
)
def test_who_was_accepted_before_and_is_refused_as_somebody_else_is_not_at_fault(messages, before, fault):
    assert alike(messages, before) is fault

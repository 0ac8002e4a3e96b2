"""The message about reviews without a place in time: what it lists for its reader, and when it is not sent."""

from tasks.messages.capacity.composing import pair_of, pairs_in

HERE, THERE = ("45", "South East"), ("46", "London North")


def test_pairs_are_read_from_what_a_message_is_about() -> None:
    assert pairs_in("45/South East; 46/London North") == [HERE, THERE]
    assert pair_of("45/South East") == HERE

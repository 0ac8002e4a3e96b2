"""Whose standing a message holds: the reader's own forces or Areas, and those of the absent for whom they act."""

from tasks.messages.letter.standings import Remit


def test_a_place_is_named_and_one_that_nobody_knows_by_its_code() -> None:
    assert Remit(("45", "99"), ("South East",)).names == ("Surrey (45)", "force 99", "CPS South East")

"""The doctor's sentences about a full disk, and about many things of which it names the first."""

import pytest

from tasks.rounds.doctor.check import Mark, fail, ok, some, warn


@pytest.mark.parametrize(("number", "text"), [(0, ""), (1, "0"), (5, "0, 1, 2, 3, 4"), (6, "0, 1, 2, 3, 4 and 1 more")])
def test_the_first_five_of_many_are_named_in_order_each_once(number, text):
    assert some([str(each) for each in reversed(range(number))] * 2) == text


def test_a_sentence_has_its_mark():
    assert [one.mark for one in (ok("a"), warn("b"), fail("c"))] == [Mark.OK, Mark.WARN, Mark.FAIL]

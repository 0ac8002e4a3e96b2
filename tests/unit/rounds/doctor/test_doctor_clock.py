"""The doctor's sentences about the clock, and about rounds of days that have not come."""

from datetime import date

import pytest

from models.queries.intake.clocks import DatabaseClock
from models.queries.rounds.rounds import RoundOf
from tasks.rounds.doctor import clock
from tests.worlds.days import NOW

HERE, ELSEWHERE = DatabaseClock(NOW, elsewhere=False), DatabaseClock(NOW, elsewhere=True)


def test_a_doubt_about_the_clock_is_told_and_nothing_after_it(found):
    told = found(clock, "clock", clock_checks__doubt="The clock is wrong: set it right", clocks__of_database=HERE)
    assert told == [("fail", "The clock is wrong: set it right. Until then no round begins.")]


def test_a_clock_is_compared_with_that_of_a_database_elsewhere_or_with_none(found):
    assert found(clock, "clock", clock_checks__doubt=None, clocks__of_database=ELSEWHERE) == []
    ((mark, sentence),) = found(clock, "clock", clock_checks__doubt=None, clocks__of_database=HERE)
    assert (mark, "there is no second clock" in sentence) == ("ok", True)


def test_a_virtual_clock_is_not_compared(found, put):
    put(CLOCK="virtual")
    assert found(clock, "clock", clock_checks__doubt="wrong") == [("ok", "A virtual clock is compared with no other.")]


@pytest.mark.parametrize(("on", "told"), [(None, False), (16, False), (17, False), (18, True)])
def test_a_round_of_a_day_that_has_not_come_is_found(found, put, on, told):
    last = on and RoundOf("45", date(2026, 3, on))
    words = [sentence for _, sentence in found(clock, "future-rounds", rounds__last=last)]
    assert ["was on Wed 18 Mar 2026, which has not come" in sentence for sentence in words] == [True] * told
    put(CLOCK="virtual")
    assert found(clock, "future-rounds", rounds__last=last) == []

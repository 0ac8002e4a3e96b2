"""The costliest test files take turns in `.ci/run`: each has its day soon, and no day has none."""

from datetime import date, timedelta

from tests.house.source import ROOT
from tests.plugins.turns import IN_TURN, whose_turn

DAY = date(2026, 12, 2)


def test_each_has_its_turn_once_in_as_many_days_as_there_are_turns():
    days = [whose_turn(DAY + timedelta(days=number), turns=4) for number in range(4)]
    assert sorted(name for day in days for name in day) == sorted(IN_TURN)
    assert min(map(len, days)) >= len(IN_TURN) // 4


def test_without_turns_each_has_its_turn_every_day():
    assert whose_turn(DAY, turns=1) == set(IN_TURN)


def test_each_is_a_file_of_the_tests():
    assert [name for name in IN_TURN if not (ROOT / name).is_file()] == []

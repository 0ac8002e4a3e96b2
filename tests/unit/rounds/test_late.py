"""When a round is begun for what came after the day's: once, while letters leave, never beside another."""

from datetime import time, timedelta

import pytest

from config.days.london import at_london
from models.rules.rounds.beginning_again import BeginAgain, DayOfRounds, RoundSeen
from models.rules.rounds.late import begin_late
from tests.worlds.days import day

NINE, UNTIL = (at_london(day("Tue 17 Mar 2026"), time(hour)) for hour in (9, 18))
MINUTE = timedelta(minutes=1)
WELL, FAILED, RUNNING = (True, False, False), (False, True, False), (False, False, True)
ALL, ONE = BeginAgain(None, late=True), BeginAgain("45", late=True)
LATE = {"45": NINE}


def begin(loaded=LATE, *, begun=(), at=NINE + MINUTE, whole=WELL, **forces):
    seen = tuple(RoundSeen(code, *how) for code, how in ({"45": WELL, "46": WELL} | forces).items())
    of_day = DayOfRounds(whole and RoundSeen("--", *whole), seen, ("45", "46"), ("45", "46"))
    return begin_late(of_day, loaded, begun, at, UNTIL)


def test_one_force_gets_a_round_of_its_own_and_several_the_whole():
    assert begin({}) is None
    assert begin() == ONE
    assert begin({**LATE, "46": NINE}) == ALL


def test_until_the_evening():
    assert begin(at=UNTIL - timedelta(microseconds=1)) == ONE
    assert begin(at=UNTIL) is None


@pytest.mark.parametrize(
    "seen", [{"whole": None}, {"whole": RUNNING}, {"46": RUNNING}, {"45": FAILED}, {"45": (False, False, False)}]
)
def test_it_waits_for_the_day_s_own_round_and_its_mending(seen):
    assert begin(**seen) is None


def test_a_whole_round_whose_letters_failed_does_not_keep_it_back():
    assert begin(whole=FAILED) == ONE


def test_of_a_force_that_is_not_expected_nothing_is_late():
    assert begin({"47": NINE}) is None


@pytest.mark.parametrize(
    ("begun", "at", "found"),
    [
        ((NINE - MINUTE,), NINE, ONE),  # for an extract of before
        ((NINE,), NINE + 2 * MINUTE, None),  # it is not seen to run yet
        ((NINE,), NINE + 3 * MINUTE, ONE),  # it was lost
        ((NINE, NINE, NINE), NINE + 60 * MINUTE, None),
    ],
)
def test_an_extract_has_one_round_and_another_where_that_is_lost(begun, at, found):
    assert begin(begun=begun, at=at) == found

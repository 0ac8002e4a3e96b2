"""When a day's round is begun again: died at once, missing or failed from 07:00, never while one runs, three times."""

from datetime import time, timedelta

import pytest

from config.days.london import at_london
from models.rules.rounds.beginning_again import BeginAgain, DayOfRounds, RoundSeen, begin_again
from tests.worlds.days import day

TODAY = day("Tue 17 Mar 2026")
SIX, SEVEN, EIGHT = (at_london(TODAY, time.fromisoformat(clock)) for clock in ("06:20", "07:00", "08:00"))
WELL, FAILED, RUNNING, DIED = (True, False, False), (False, True, False), (False, False, True), (False, False, False)
ALL, ONE = BeginAgain(None), BeginAgain("45")


def seen(whole, *begun_again, expected=("45", "46"), loaded=("45", "46", "47"), **forces):
    found = tuple(RoundSeen(code.removeprefix("f"), *how) for code, how in forces.items())
    return DayOfRounds(whole and RoundSeen("--", *whole), found, expected, loaded, begun_again)


@pytest.mark.parametrize(
    ("of_day", "at", "found"),
    [
        (seen(None), SIX, None),
        (seen(None), SEVEN, ALL),
        (seen(None), SEVEN - timedelta(microseconds=1), None),
        (seen(None, expected=()), SEVEN, None),  # the intake brings the first force
        (seen(WELL, f45=WELL, f46=WELL), EIGHT, None),
        (seen(WELL, f45=FAILED, f46=WELL), SIX, None),
        (seen(WELL, f45=FAILED, f46=WELL), SEVEN, ONE),
        (seen(FAILED, f45=WELL, f46=WELL), SIX, None),
        (seen(FAILED, f45=WELL, f46=WELL), SEVEN, ALL),  # its letters failed; a late feed is no failure
        (seen(FAILED, f45=FAILED, f46=WELL), SEVEN, ALL),
        (seen(WELL, f45=FAILED, f46=FAILED), SEVEN, ALL),
        (seen(WELL, f46=WELL), SEVEN, ONE),  # expected, and never looked at
        (seen(WELL, f46=WELL, loaded=("46",)), SEVEN, None),  # expected, and never sent: there is nothing to look at
        (seen(WELL, f46=FAILED, loaded=("46",)), SEVEN, BeginAgain("46")),
        (seen(None, loaded=()), SEVEN, ALL),  # the intake brings the first force
        (seen(WELL, f45=DIED, f46=WELL), SIX, ONE),
        (seen(DIED, f45=DIED, f46=WELL), SIX, ALL),
        (seen(DIED, f45=WELL, f46=WELL), SIX, ALL),  # the letters were not made
        (seen(RUNNING, f45=DIED), EIGHT, None),
        (seen(WELL, f45=RUNNING), EIGHT, None),
        (seen(WELL, f45=WELL, f46=WELL, f47=DIED), EIGHT, None),  # of a force that is not expected
    ],
)
def test_a_day_of_rounds(of_day, at, found):
    assert begin_again(of_day, at, by=SEVEN) == found


@pytest.mark.parametrize(
    ("begun_again", "found"),
    [
        ((EIGHT - timedelta(minutes=2),), None),  # it is not seen to run yet
        ((EIGHT - timedelta(minutes=3),), ALL),
        ((SEVEN, SEVEN), ALL),
        ((SEVEN, SEVEN, SEVEN), None),
    ],
)
def test_what_died_is_begun_again_three_times_and_each_gets_a_few_minutes(begun_again, found):
    assert begin_again(seen(DIED, *begun_again), EIGHT, by=SEVEN) == found


@pytest.mark.parametrize(
    ("times", "waited", "found"), [(1, 19, None), (1, 20, ONE), (2, 59, None), (2, 60, ONE), (3, 600, None)]
)
def test_a_force_that_fails_again_is_left_alone_for_longer(times, waited, found):
    of_day = seen(WELL, *[SEVEN] * times, f45=FAILED, f46=WELL)
    assert begin_again(of_day, SEVEN + timedelta(minutes=waited), by=SEVEN) == found


@pytest.mark.parametrize(
    ("times", "waited", "found"), [(1, 19, None), (1, 20, ALL), (2, 59, None), (2, 60, ALL), (3, 600, None)]
)
def test_so_is_the_whole_whose_letters_fail_again(times, waited, found):
    of_day = seen(FAILED, *[SEVEN] * times, f45=WELL, f46=WELL)
    assert begin_again(of_day, SEVEN + timedelta(minutes=waited), by=SEVEN) == found


def test_what_never_began_needs_no_patience():
    assert begin_again(seen(WELL, SEVEN, f46=WELL), SEVEN + timedelta(minutes=4), by=SEVEN) == ONE


@pytest.mark.parametrize(("how", "died"), [(WELL, False), (FAILED, False), (RUNNING, False), (DIED, True)])
def test_a_round_died_that_has_no_end_and_on_which_nobody_works(how, died):
    assert RoundSeen("45", *how).died is died

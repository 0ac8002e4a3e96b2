"""The hour from which letters leave, in winter, in summer and on the days on which the clocks change."""

from datetime import UTC, datetime, time, timedelta

import pytest

from config.policy import load_policy
from models.rules.outbox.letter_hour import leaves_at, letter_hour
from tests.worlds.days import day, row

LETTER = load_policy().letter
EIGHT_IN_WINTER = datetime(2026, 3, 16, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("on", "at"),
    [
        row("winter", "Mon 16 Mar 2026", EIGHT_IN_WINTER),
        row("the day before the clocks go forward", "Sat 28 Mar 2026", datetime(2026, 3, 28, 8, tzinfo=UTC)),
        row("the day on which they do", "Sun 29 Mar 2026", datetime(2026, 3, 29, 7, tzinfo=UTC)),
        row("summer", "Wed 1 Jul 2026", datetime(2026, 7, 1, 7, tzinfo=UTC)),
        row("the day on which they go back", "Sun 25 Oct 2026", datetime(2026, 10, 25, 8, tzinfo=UTC)),
    ],
)
def test_letters_leave_from_eight_by_londons_clocks(on, at):
    assert letter_hour(on, LETTER) == at


def test_the_hour_is_the_policys_number():
    later = LETTER.model_copy(update={"from_": time(9, 30)})
    assert letter_hour(day("Mon 16 Mar 2026"), later) == EIGHT_IN_WINTER + timedelta(minutes=90)


@pytest.mark.parametrize(
    ("decided", "leaves"),
    [
        row("before the hour", timedelta(hours=-2), timedelta()),
        row("at the hour", timedelta(), timedelta()),
        row("after it", timedelta(seconds=1), timedelta(seconds=1)),
        row("on another day after it", timedelta(days=1), timedelta(days=1)),
    ],
)
def test_a_letter_decided_after_the_hour_leaves_at_once(decided, leaves):
    assert leaves_at(day("Mon 16 Mar 2026"), LETTER, EIGHT_IN_WINTER + decided) == EIGHT_IN_WINTER + leaves

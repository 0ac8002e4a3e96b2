"""The day whose round has to be done at a moment, and the feeds that are late then, by what their sources sent."""

from datetime import datetime, timedelta

import pytest

from config.days.london import LONDON
from tasks.rounds.expected import day_of


@pytest.mark.parametrize(
    ("clock", "on"),
    [
        ("2026-03-17 00:00", 16), ("2026-03-17 06:59:59", 16), ("2026-03-17 07:00", 17), ("2026-03-17 23:59", 17),
    ],
)  # fmt: skip
def test_the_round_of_a_day_has_to_be_done_from_seven_on_and_that_of_the_day_before_until_then(clock, on):
    assert day_of(datetime.fromisoformat(clock).replace(tzinfo=LONDON)).day == on


def test_in_summer_seven_is_londons():
    summer = datetime.fromisoformat("2026-07-01T05:59:59+00:00")
    assert (day_of(summer).day, day_of(summer + timedelta(seconds=1)).day) == (30, 1)

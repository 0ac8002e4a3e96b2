"""The days on which a joint review with a sitting is not chased. It is due on Mon 16 Mar 2026."""

import pytest

from models.rules.obligations.sitting_pause import ConvenedDays, Silence, silence
from tests.worlds.days import day, row

DUE = day("Mon 16 Mar 2026")
IN_TIME = ConvenedDays(day("Fri 13 Mar 2026"), DUE)
ON_THE_DAY = ConvenedDays(DUE, day("Tue 17 Mar 2026"))
LATE = ConvenedDays(day("Tue 17 Mar 2026"), day("Wed 18 Mar 2026"))


@pytest.mark.parametrize(
    ("convened", "today", "said"),
    [
        row(
            "before its sitting", IN_TIME, "Mon 9 Mar 2026", Silence(day("Thu 12 Mar 2026"), "convened Fri 13 Mar 2026")
        ),
        row("the eve of it", IN_TIME, "Thu 12 Mar 2026", Silence(day("Thu 12 Mar 2026"), "convened Fri 13 Mar 2026")),
        row("its day", IN_TIME, "Fri 13 Mar 2026", Silence(DUE, "outcome awaited")),
        row("the day by which its outcome is due", IN_TIME, "Mon 16 Mar 2026", Silence(DUE, "outcome awaited")),
        row("the day after", IN_TIME, "Tue 17 Mar 2026", None),
        row(
            "on the due day", ON_THE_DAY, "Mon 9 Mar 2026", Silence(day("Sun 15 Mar 2026"), "convened Mon 16 Mar 2026")
        ),
        row("the day after the due day", LATE, "Mon 9 Mar 2026", None),
        row("late, and held today", LATE, "Tue 17 Mar 2026", Silence(day("Wed 18 Mar 2026"), "outcome awaited")),
    ],
)
def test_a_convened_joint_review_is_not_chased(convened, today, said):
    assert silence(convened, DUE, today) == said


def test_without_a_sitting_it_climbs():
    assert silence(None, DUE, day("Mon 9 Mar 2026")) is None

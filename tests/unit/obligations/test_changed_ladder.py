"""The place of an obligation on a ladder with other steps: they are known by their names."""

from datetime import date

import pytest

from models.rules.obligations.changed_ladder import carried
from models.rules.obligations.ladder_before import LadderPlace

MON, TUE = date(2026, 3, 16), date(2026, 3, 17)
BEFORE = {1: "reminder", 2: "overdue", 3: "critical"}  # of which the second was passed over
PLACE = LadderPlace(3, (MON, None, TUE))


@pytest.mark.parametrize(
    ("names", "place"),
    [
        (["reminder", "overdue", "critical", "unresolved"], PLACE),
        (["reminder", "nudge", "overdue", "critical"], LadderPlace(4, (MON, None, None, TUE))),
        (["overdue", "critical"], LadderPlace(2, (None, TUE))),
        (["critical", "reminder"], LadderPlace(1, (TUE, MON))),
        (["reminder", "overdue", "stalled"], LadderPlace(2, (MON,))),
        (["notice", "stalled"], LadderPlace(0, ())),
    ],
    ids=["one more at its end", "one between", "the first gone", "in another order", "the last gone", "all others"],
)
def test_each_step_keeps_its_day_by_its_name_and_the_last_that_is_left_is_the_last(names, place):
    assert carried(PLACE, BEFORE, names) == place

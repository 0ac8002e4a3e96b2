"""The place of an obligation on its ladder before the steps of days that had not come."""

from datetime import date

import pytest

from config.terms import StepOutcome
from models.rules.obligations.ladder_before import ClimbedStep, LadderPlace, place_before

MON, TUE, WRONG = date(2026, 3, 16), date(2026, 3, 17), date(2027, 3, 1)
TAKEN, OVER, SILENT = StepOutcome.TAKEN, StepOutcome.SUPERSEDED, StepOutcome.SILENT


def own(step, outcome, on):
    return ClimbedStep(step, outcome, on, own=True)


def before(step, outcome, on):
    return ClimbedStep(step, outcome, on, own=False)


@pytest.mark.parametrize(
    ("place", "steps", "left"),
    [
        # nothing was taken before
        (LadderPlace(4, (None, None, None, WRONG)),
         [own(1, OVER, WRONG), own(2, OVER, WRONG), own(3, OVER, WRONG), own(4, TAKEN, WRONG)], LadderPlace(0, ())),
        # the first step was taken before, on its day
        (LadderPlace(3, (MON, None, WRONG)), [own(1, TAKEN, MON), own(2, OVER, WRONG), own(3, TAKEN, WRONG)],
         LadderPlace(1, (MON,))),
        # a step of the day of the undoing stays
        (LadderPlace(2, (TUE, WRONG)), [own(1, TAKEN, TUE), own(2, TAKEN, WRONG)], LadderPlace(1, (TUE,))),
        # a silence moves nothing
        (LadderPlace(1, (MON,)), [own(1, TAKEN, MON), own(2, SILENT, WRONG)], LadderPlace(1, (MON,))),
        # two wrong days: the first of the steps tells
        (LadderPlace(3, (WRONG, WRONG, WRONG)),
         [own(1, TAKEN, WRONG), own(2, TAKEN, WRONG), own(3, TAKEN, WRONG)], LadderPlace(0, ())),
        # a moved version began lower than the version before, and takes a step again: that one's day counts
        (LadderPlace(2, (MON, WRONG, MON)),
         [before(1, TAKEN, MON), before(2, TAKEN, MON), before(3, TAKEN, MON), own(2, TAKEN, WRONG)],
         LadderPlace(1, (MON, MON, MON))),
        # a version that carries on from a wrong one is no higher than what is left of it
        (LadderPlace(3, (MON, None, WRONG)), [before(1, TAKEN, MON), before(2, OVER, WRONG), before(3, TAKEN, WRONG)],
         LadderPlace(1, (MON,))),
        (LadderPlace(2, (None, WRONG)), [before(1, OVER, WRONG), before(2, TAKEN, WRONG)], LadderPlace(0, ())),
    ],
)  # fmt: skip
def test_the_place_is_what_the_remaining_steps_say(place, steps, left):
    assert place_before(place, steps, TUE) == left

"""The place of an obligation on its ladder before the steps of days that had not come."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from config.terms import StepOutcome

_MOVES = frozenset({StepOutcome.TAKEN, StepOutcome.SUPERSEDED})


class ClimbedStep(NamedTuple):
    """A step of a version or of one that it carries on from (`own` is false), in the order in which they were made."""

    step: int
    outcome: StepOutcome
    on_day: date
    own: bool


class LadderPlace(NamedTuple):
    """The last step taken (0: none yet), and the day of each step, None if it was not taken."""

    last_step: int
    taken_on: Sequence[date | None]


def place_before(place: LadderPlace, steps: Sequence[ClimbedStep], today: date) -> LadderPlace:
    """Return the place that is left without the steps after today.

    A climb takes or passes over every step beyond the last one, so the first of its own steps after today tells where
    the version was. One without such a step got its place from the version before: it is no higher than what is left.
    """
    moves = [step for step in steps if step.outcome in _MOVES]
    gone = [move.step for move in moves if move.own and move.on_day > today]
    left = {move.step: move.on_day for move in moves if move.on_day <= today and move.outcome is StepOutcome.TAKEN}
    last_step = min(gone) - 1 if gone else min(place.last_step, max(left, default=0))
    days = [
        day if day is None or day <= today else left.get(number) for number, day in enumerate(place.taken_on, start=1)
    ]
    while days and days[-1] is None:
        days.pop()
    return LadderPlace(last_step, tuple(days))

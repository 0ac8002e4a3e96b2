"""Foresight of a rehearsal: the pace at which obligations are answered, and the steps that they take until then."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from config.ladders import Step
from models.rules.calendar import WorkingCalendar
from models.rules.obligations.forecast import StepAhead
from models.rules.obligations.ladder import Rung, climb, with_step


class ObservedLag(NamedTuple):
    """So many obligations that were answered a number of working days after their day, or not until then."""

    lag: int  # negative: before the day
    answered: bool
    number: int


class AnswerPace(NamedTuple):
    """The share that is answered up to a number of working days after its day, wherever it rises.

    `seen` counts the obligations from which it was measured.
    """

    shares: tuple[tuple[int, float], ...]
    seen: int

    def share_by(self, lag: int) -> float:
        """Return the share that is answered up to a number of working days after its day."""
        return max((share for at, share in self.shares if at <= lag), default=0.0)

    def lag(self, chance: float, reached: int) -> int | None:
        """Return when something is answered that was not before `reached`; None if it never is.

        `chance`, from 0 to below 1, places it among all that got as far: the lower, the sooner.
        """
        before = self.share_by(reached - 1)
        wanted = before + chance * (1 - before)
        return next((at for at, share in self.shares if share > wanted), None)


def measure(observed: Iterable[ObservedLag]) -> AnswerPace:
    """Measure a pace from what was answered and what was not.

    What is not answered yet counts among those that could be, up to the working day on which it was last seen.
    Source: the product-limit estimate of Kaplan and Meier (1958).
    """
    answered, ended = Counter[int](), Counter[int]()
    for observed_lag in observed:
        ended[observed_lag.lag] += observed_lag.number
        answered[observed_lag.lag] += observed_lag.number if observed_lag.answered else 0
    seen = waiting = ended.total()
    left, shares = 1.0, []
    for lag in sorted(ended):
        if answered[lag]:
            left *= 1 - answered[lag] / waiting
            shares.append((lag, 1 - left))
        waiting -= ended[lag]
    return AnswerPace(tuple(shares), seen)


def steps_ahead(
    steps: Sequence[Step], rung: Rung, first: date, last: date, calendar: WorkingCalendar
) -> tuple[StepAhead, ...] | None:
    """Climb a ladder as the rounds would from one day to another; None if a step is taken on a day off.

    On a day off, how many mails somebody gets depends on what else they hear that day.
    """
    taken: list[StepAhead] = []
    day = first
    while day <= last:
        made = climb(steps, rung, day, calendar)
        if made.take:
            if not calendar.is_working(day):
                return None
            taken.append(StepAhead(made.take, day))
            rung = rung._replace(last_step=made.take, taken_on=with_step(rung.taken_on, made.take, day))
        if made.next_on is None and not made.waits:
            break
        day = max(made.next_on or day, day + timedelta(days=1))
    return tuple(taken)

"""The pace of answers: how many working days after its day an obligation is answered, and how many never are."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple


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
    for one in observed:
        ended[one.lag] += one.number
        answered[one.lag] += one.number if one.answered else 0
    seen = waiting = ended.total()
    left, shares = 1.0, []
    for lag in sorted(ended):
        if answered[lag]:
            left *= 1 - answered[lag] / waiting
            shares.append((lag, 1 - left))
        waiting -= ended[lag]
    return AnswerPace(tuple(shares), seen)

"""Convening (specification 5), the long way: a matching of cases to places answers each question."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from tests.whole.reading.days import add

if TYPE_CHECKING:
    from tests.whole.reading.panels import Sitting

SETTLED = "-5wd"
FIRST, SECOND, THIRD = 1, 2, 3
CLASS = {None: FIRST, "high": FIRST, "medium": SECOND, "standard": THIRD}


@dataclass(frozen=True)
class Review:
    """A review that falls due, as convening weighs it."""

    case: tuple[str, str]
    risk: str | None
    due: date
    escalate: date
    last_held: date  # or the day the case was opened, where none was

    def rank(self, today: date) -> int:
        """Give the class: 1 for high and unknown risk and critically overdue reviews, then medium, then standard."""
        critical = today > self.due and today >= self.escalate
        return FIRST if critical else CLASS[self.risk]

    def worth(self, today: date) -> Any:
        """Order by class, earliest due, longest since the last review, reference."""
        return self.rank(today), self.due, self.last_held, self.case[::-1]


def deadline(due: date, sittings: list[Sitting]) -> date:
    """Give the due day, or the next sitting where none lies on or before it."""
    if not sittings or sittings[0].day <= due:
        return due
    return sittings[0].day


@dataclass
class Seats:
    """Cases and their possible sittings; each case that is in has a place, if need be because others moved."""

    sittings: list[Sitting]
    may: dict[Any, list[Sitting]] = field(default_factory=dict)

    def _fits(self, may: dict[Any, list[Sitting]]) -> bool:
        sitting_of: dict[Any, Sitting] = {}

        def seat(case: Any, seen: set[Sitting]) -> bool:
            for one in may[case]:
                if one in seen:
                    continue
                seen.add(one)
                there = [other for other, where in sitting_of.items() if where == one]
                if len(there) < one.places or any(seat(other, seen) for other in there):
                    sitting_of[case] = one
                    return True
            return False

        return all(seat(case, set()) for case in may)

    def take(self, case: Any, may: list[Sitting]) -> bool:
        """Let a case in, if all cases can then still have a place."""
        if fits := self._fits(self.may | {case: may}):
            self.may[case] = may
        return fits

    def narrow(self, case: Any) -> Sitting:
        """Give a case the latest sitting that leaves all other cases a place."""
        for one in reversed(self.may[case]):
            if self._fits(self.may | {case: [one]}):
                self.may[case] = [one]
                return one
        raise AssertionError(case)

    def free(self) -> list[Sitting]:
        """Give the sittings with a place left, once all cases have a seat."""
        taken = [may[0] for may in self.may.values()]
        return [one for one in self.sittings if taken.count(one) < one.places]


def convene(
    reviews: list[Review], kept: dict[Any, Sitting], deadlines: dict[Any, date], sittings: list[Sitting], today: date
) -> dict[Any, Sitting]:
    """Give each case's sitting: `kept` are the places that need not be left."""
    seats = Seats(sittings)
    by_worth = sorted(reviews, key=lambda review: review.worth(today))
    settled = [
        review.case for review in by_worth if review.case in kept and today >= add(kept[review.case].day, SETTLED)
    ]
    firm = {case for case in settled if seats.take(case, [kept[case]])}  # a sitting may take fewer cases than before
    new: list[Review] = []
    for rank in (FIRST, SECOND, THIRD):
        own = [review for review in by_worth if review.rank(today) == rank and review.case not in firm]
        stay = {review.case for review in own if review.case in kept and seats.take(review.case, [kept[review.case]])}
        new += [review for review in own if review.case not in stay]
        for review in own:
            if review.case not in stay:
                seats.take(review.case, [one for one in sittings if one.day <= deadlines[review.case]])
    for review in new:
        if review.case in seats.may:
            seats.narrow(review.case)
    for review in new:
        if review.case not in seats.may and (left := seats.free()):
            seats.may[review.case] = left[:1]
    return {case: may[0] for case, may in seats.may.items()}

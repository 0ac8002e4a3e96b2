"""What a lead may be told of a case whose joint reviews fail one after the other."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from config.numbers import Basis


@dataclass(frozen=True, kw_only=True)
class FailedSitting:
    """One sitting at which the review was not held, or did not count."""

    on: date
    how: Literal["not_held", "not_reached", "police", "cps", "nobody"]  # of the last three: who alone attended


@dataclass(frozen=True, kw_only=True)
class FailedReviewContext:
    """A case whose joint review failed more than once running; without a reference, one this reader may not read of."""

    day: date
    reader: str  # the role in which the person is written to, or operations
    asks: str  # whose SPOC to ask of a restricted case: police, cps, operations
    reference: str
    urn: str | None
    restricted: int  # 1 where there is no reference
    failed: tuple[FailedSitting, ...]  # the latest first
    last_on: date | None  # when a review last counted
    opened_on: date
    due_on: date
    days: int  # since it was due; not above 0 while it is not overdue
    next_on: date | None  # the sitting to which the case is convened
    basis: Basis

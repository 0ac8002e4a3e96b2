"""The context of messages about a case whose joint reviews failed repeatedly."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from config.authority import Authority


@dataclass(frozen=True, kw_only=True)
class FailedSitting:
    """A sitting at which the review was not held or did not count."""

    on: date
    how: Literal["not_held", "not_reached", "police", "cps", "nobody"]  # the last three: the only side that attended


@dataclass(frozen=True, kw_only=True)
class FailedReviewContext:
    """A case whose joint review failed repeatedly; without a reference, one that this reader may not see."""

    day: date
    reader: str  # the reader's role, or operations
    asks: str  # whose SPOC to ask about a restricted case: police, cps, operations
    reference: str
    urn: str | None
    restricted: int  # 1 without a reference, of a restricted case; else operations read that it needs an addressee
    failed: tuple[FailedSitting, ...]  # the latest first
    last_on: date | None  # the day of the last review that counted
    opened_on: date
    due_on: date
    days: int  # days since the due day; at most 0 if it is not overdue
    next_on: date | None  # the sitting to which the case is convened
    duty: Authority
    number: Authority

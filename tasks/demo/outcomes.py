"""What the demo's people tell Casebeat itself, as by its commands and forms, rather than their own systems."""

from datetime import date
from typing import NamedTuple

from models.rules.reviews.record_review import ReviewReport


class DemoConvening(NamedTuple):
    """A case before a sitting of the day, and the reference of its chair."""

    sitting_ref: str
    case_ref: str
    chair_ref: str


class DemoReview(NamedTuple):
    """What came of a case at its sitting."""

    sitting_ref: str
    case_ref: str
    word: ReviewReport


class DemoCompletion(NamedTuple):
    """An action that a review asked for is done."""

    case_ref: str
    action_ref: str
    by: str
    on: date


class DemoMove(NamedTuple):
    """A case is to sit at another sitting."""

    case_ref: str
    sitting_ref: str
    by: str


DemoReport = DemoReview | DemoCompletion | DemoMove

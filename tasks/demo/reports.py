"""Reports of the demo's people to Casebeat itself, as by its commands and forms."""

from datetime import date
from typing import NamedTuple

from models.rules.reviews.record_review import ReviewReport


class DemoConvening(NamedTuple):
    """A case before a sitting of the day, with the chair's reference."""

    sitting_ref: str
    case_ref: str
    chair_ref: str


class DemoReview(NamedTuple):
    """The outcome of a case at its sitting."""

    sitting_ref: str
    case_ref: str
    report: ReviewReport


class DemoCompletion(NamedTuple):
    """The completion of an action that a review raised."""

    case_ref: str
    action_ref: str
    by: str
    on: date


class DemoMove(NamedTuple):
    """The request to move a case to another sitting."""

    case_ref: str
    sitting_ref: str
    by: str


DemoReport = DemoReview | DemoCompletion | DemoMove

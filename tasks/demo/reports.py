"""Reports of the demo's people to Casebeat itself, as by its commands and forms."""

from datetime import date
from typing import NamedTuple

from models.queries.demo import CaseToMove
from models.rules.reviews.record_review import ReviewReport


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


class DemoExchange(NamedTuple):
    """A reply by mail to one of Casebeat's mails."""

    answers: str  # the file of the mail that it answers
    message_id: str
    by: str  # the address
    day: date
    said: str


DemoReport = DemoReview | DemoCompletion | CaseToMove

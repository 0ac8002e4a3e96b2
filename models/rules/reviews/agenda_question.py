"""The one question that a joint review has to decide on a case."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from config.sittings import ReviewDecision
from config.terms import Severity
from models.rules.reviews.agenda_order import RankedObligation

UNTIL_NEXT = timedelta(days=14)  # about when the next sitting can decide
PAST = timedelta(days=28)  # a time limit that ran out before this is no question any more
_CLOSING = {ReviewDecision.NFA_PROPOSED, ReviewDecision.CLOSE}


class Ask(StrEnum):
    """What the question is about, the most pressing first."""

    LIMIT = "limit"  # a time limit or an order that ends before the next sitting, or ran out a short while ago
    SUBMISSION = "submission"  # the last review decided to submit to CPS, and nobody has
    CLOSING = "closing"  # the last review decided to end the case, and it is still open
    OWED = "owed"  # what is owed the longest
    STAGE = "stage"  # nothing is late: the next stage


class LastDecision(NamedTuple):
    """What the last review decided, and whether the case was submitted to CPS since."""

    decisions: Sequence[ReviewDecision]
    submitted: bool


class AgendaQuestion(NamedTuple):
    """The question of a case. `number` is the place of the obligation that it is about; None: it is about none."""

    ask: Ask
    number: int | None = None


def question(owed: Sequence[RankedObligation], last: LastDecision | None, day: date, sits_on: date) -> AgendaQuestion:
    """Return the question of a case as of a day, for a sitting on another.

    A limit that still runs is asked about before one that ran out: something can be done about it.
    """
    if limits := sorted(_limits(owed, day, sits_on)):
        return AgendaQuestion(Ask.LIMIT, limits[0][-1])
    if last and ReviewDecision.SUBMIT_TO_CPS in last.decisions and not last.submitted:
        return AgendaQuestion(Ask.SUBMISSION)
    if last and _CLOSING & set(last.decisions):
        return AgendaQuestion(Ask.CLOSING)
    late = [
        (obligation.severity is not Severity.CRITICALLY_OVERDUE, obligation.due_on, number)
        for number, obligation in enumerate(owed)
        if obligation.due_on < day and not obligation.hard
    ]
    return AgendaQuestion(Ask.OWED, min(late)[-1]) if late else AgendaQuestion(Ask.STAGE)


def _limits(owed: Sequence[RankedObligation], day: date, sits_on: date) -> Iterable[tuple[bool, int, int]]:
    """Yield the limits to decide on: those that run, the first to end first; then those past, the latest first."""
    for number, obligation in enumerate(owed):
        if obligation.hard and day - PAST <= obligation.due_on <= sits_on + UNTIL_NEXT:
            yield obligation.due_on < day, abs((obligation.due_on - day).days), number

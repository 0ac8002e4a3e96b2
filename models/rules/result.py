"""What a rule answers: something is owed, with the sum it came from, or nothing is, with the reason.

Words in terms and reasons are plain sentences without quotes, backslashes or anything from a record's free text.
"""

from datetime import date
from typing import NamedTuple

from config.duration import Duration
from config.terms import EndReason, OwedBy

CASE = "case"  # the subject of what is owed on the case as a whole


class Term(NamedTuple):
    """One line of the arithmetic: a named fact's day, plus a span, makes a day. Every part is a plain value."""

    fact: str
    day: date
    plus: Duration | None
    makes: date
    note: str = ""


class Owes(NamedTuple):
    """An obligation: who owes what by when. `remind_on` and `escalate_on` are worked out from the policy.

    A rule that reminds of some subjects at a time of their own sets `remind_on`. `done_on` is the day a recurring duty
    was last done, None if never. `note` warns the reader of `explain`.
    """

    subject: str
    owed_by: OwedBy
    due_on: date
    because: tuple[Term, ...]
    done_on: date | None = None
    remind_on: date = date.min
    escalate_on: date = date.max
    note: str = ""


class OwesNothing(NamedTuple):
    """Nothing is owed, why, and how a live obligation would therefore end.

    A rule with an obligation per row answers for each of its rows, or once with subject `case` when it is not for the
    case at all or the case has no such row. That answer holds for every identity it does not name.
    """

    subject: str
    end: EndReason
    why: str


Outcome = Owes | OwesNothing

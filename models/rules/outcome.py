"""What a rule answers: something is owed, with the sum it came from, or nothing is, with the reason."""

from datetime import date
from typing import NamedTuple

from config.duration import Duration
from config.terms import EndReason, OwedBy


class Term(NamedTuple):
    """One line of the arithmetic: a named fact's day, plus a span, makes a day. Every part is a plain value."""

    fact: str
    day: date
    plus: Duration | None
    makes: date
    note: str = ""


class Owes(NamedTuple):
    """An obligation: who owes what by when. `remind_on` and `escalate_on` are worked out from the policy."""

    subject: str
    owed_by: OwedBy
    due_on: date
    because: tuple[Term, ...]
    done_on: date | None = None
    remind_on: date = date.min
    escalate_on: date = date.max
    note: str = ""


class OwesNothing(NamedTuple):
    """Nothing is owed, why, and how a live obligation would therefore end."""

    subject: str
    end: EndReason
    why: str


Outcome = Owes | OwesNothing

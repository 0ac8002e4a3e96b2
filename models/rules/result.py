"""A rule's answer: an obligation with its calculation, or nothing owed with the reason.

The text in terms and reasons is plain, without quotes, backslashes or free text from a record.
"""

from datetime import date
from typing import NamedTuple

from config.days.duration import Duration
from config.terms import EndReason, OwedBy
from models.rules.sight import SentColumn

CASE = "case"  # the subject of an obligation on the case as a whole
GONE = "it is not recorded here any more"  # said of a row that the case had: it may be a linked case's now


class Term(NamedTuple):
    """One line of the arithmetic: the day of a named fact plus a span gives a day. Every part is a plain value."""

    fact: str
    day: date
    plus: Duration | None
    makes: date
    note: str = ""


class Owes(NamedTuple):
    """An obligation: who owes it, its subject and its due day. The policy gives `remind_on` and `escalate_on`.

    A rule sets `remind_on` itself for subjects with their own reminder time. `done_on` is the day a recurring duty was
    last done; None if never. `note` is a warning for the reader of `explain`.
    """

    subject: str
    owed_by: OwedBy
    due_on: date
    because: tuple[Term, ...]
    done_on: date | None = None
    remind_on: date = date.min
    escalate_on: date = date.max
    note: str = ""
    arose_on: date | None = None  # the day of what began it, which the policy's `since` is held against
    parts: tuple[str, ...] = ()  # of a duty of several parts: the names of those that are missing
    renewed_on: date | None = None  # the last day of its terms: a later one begins its next version
    done: str = ""  # of a recurring duty: what was done on `done_on`, in a sentence for who was told of it


class OwesNothing(NamedTuple):
    """No obligation, the reason, and how a live obligation ends because of it.

    A rule with one obligation for each row answers for each of its rows. It answers once with subject `case` if it does
    not apply to the case, or the case has no such row. That answer applies to every identity it does not name.
    `on` is the day of the fact that ends it, where its source gives one. `said` is the sentence for who was told of the
    duty, where `why` would not say what happened; `lost` marks an end that is no success. Where it is that nothing is
    recorded, `kept_in` is the column in which it would be.
    """

    subject: str
    end: EndReason
    why: str
    on: date | None = None
    said: str = ""
    lost: bool = False
    kept_in: SentColumn | None = None

    @property
    def sentence(self) -> str:
        """Return the fact that ended it, for its readers; empty where it cannot be seen: its reason names that."""
        return "" if self.end is EndReason.UNSEEN else self.said or self.why


Outcome = Owes | OwesNothing

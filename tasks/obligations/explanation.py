"""The explanation of a case as frozen values, rendered as text or JSON."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.queries.intake.source_files import FileOfSource
from models.queries.intake.sources import FactSource
from models.queries.obligations.completions import ExplainedCompletion
from models.queries.obligations.explain import ExplainedNotification, ExplainedPromise, ExplainedStep
from models.queries.replies.replies import ExplainedReply
from models.rules.obligations.ending import Ending
from models.rules.whereabouts import DefendantLine, SuspectLine
from tasks.obligations.dangers import Danger
from tasks.obligations.leading_spocs import ExplainedLead
from tasks.pattern import RelatedCases


@dataclass(frozen=True, kw_only=True)
class LinkedCase:
    """A case that shares the URN."""

    case: str
    principal: bool
    this: bool


@dataclass(frozen=True, kw_only=True)
class ExplainedIncident:
    """An incident of the pattern, in this case or a linked one."""

    ref: str
    occurred_on: date
    reported_on: date
    breach: bool
    linked: bool


@dataclass(frozen=True, kw_only=True)
class ComingStep:
    """A future step, if nobody acts."""

    step: str
    on: date
    to: tuple[str, ...]
    repeated: bool


@dataclass(frozen=True, kw_only=True)
class ExplainedOwner:
    """The owner on the day (None: operations), and why they replace the recorded person."""

    contact_ref: str | None
    note: str


@dataclass(frozen=True, kw_only=True)
class Reopening:
    """The version that ended because the case was finalised, and since when it is owed again."""

    version: int
    ended_on: date
    again_on: date


@dataclass(frozen=True, kw_only=True)
class ExplainedObligation:
    """A live obligation. `subject` is empty for the whole case. Only hard clocks have `runs_from` and `warning`."""

    rule: str
    title: str
    subject: str
    version: int
    owed_by: str
    owner: str  # whose the rule says that it is: case, supervisor or chair
    owners: tuple[ExplainedOwner, ...]
    due_on: date
    remind_on: date
    escalate_on: date
    severity: str
    hard: bool
    stalls: bool
    duty: str
    number: str
    edition: str
    sum: str
    sitting: str  # of a convened joint review alone, as `sits_at`
    sits_at: datetime | None
    runs_from: str
    runs_from_on: date
    warning: str
    moved: int
    reopened: Reopening | None  # the latest, if the case was ever finalised and reopened
    ends_when: str
    promises: tuple[ExplainedPromise, ...]
    steps: tuple[ExplainedStep, ...]
    coming: tuple[ComingStep, ...]
    danger: Danger | None = None  # only where a grade asks for a look
    inherited_at: date | None = None  # its force's first day, where it was due before that
    new_on: date | None = None  # the day on which its rule was new to the book, where it was due before that

    @property
    def critical_from(self) -> date:
        """The first day on which it is critically overdue, at the earliest the day after `due_on`."""
        return max(self.escalate_on, self.due_on + timedelta(days=1))

    @property
    def standing(self) -> bool:
        """Return whether a promise is live."""
        return any(promise.end is None for promise in self.promises)


@dataclass(frozen=True, kw_only=True)
class NothingOwed:
    """A rule, or a subject under it, that owes nothing, with the reason."""

    rule: str
    title: str
    subject: str
    why: str
    unseen: bool = False  # nothing is recorded where no source of the force would send it


@dataclass(frozen=True, kw_only=True)
class EndedObligation:
    """A version that has ended, with the reason."""

    rule: str
    title: str
    subject: str
    version: int
    began_on: date
    due_on: date
    ending: Ending
    promises: tuple[ExplainedPromise, ...]


@dataclass(frozen=True, kw_only=True)
class ExplainedReview:
    """A recorded outcome of the case at a sitting. `by` is None if an extract supplied it."""

    on: date
    by: str | None
    sitting: str
    day: date
    how: str
    decisions: tuple[str, ...]
    pattern: str | None
    enquiries: str | None
    stands: bool


@dataclass(frozen=True, kw_only=True)
class ExplainedAct:
    """One act. Those of before acts were kept are not among them."""

    at: datetime
    by: str
    door: str
    through: str  # empty for a mail
    deed: str
    undoes: bool  # whether it took that back
    done_by: str  # in whose name that was done which it took back
    rule: str
    subject: str
    on: date  # promised until, done on, or the day of the sitting


@dataclass(frozen=True, kw_only=True)
class ExplainedHold:
    """A hold on the case, or on one of its URN: it keeps both."""

    case: str
    reason: str
    reference: str | None
    by: str
    since: date


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """The whole explanation of a case."""

    day: date
    case: str
    urn: str | None
    classification: str
    risk: str
    opened_on: date
    cps_area: str
    next_hearing_on: date | None
    finalised_on: date | None
    withdrawn_on: date | None
    restricted: bool
    presumed: bool  # whether it is watched as stalking until somebody says why it is not
    restricted_by_link: bool  # because one of the linked cases is, and not by a mark of its own
    failure: str | None
    holds: tuple[ExplainedHold, ...]  # empty for whoever is not at the machine of operations
    leads: tuple[ExplainedLead, ...]
    linked: tuple[LinkedCase, ...]
    related: tuple[RelatedCases, ...]
    suspects: tuple[SuspectLine, ...]
    defendants: tuple[DefendantLine, ...]
    pattern: tuple[ExplainedIncident, ...]
    owed: tuple[ExplainedObligation, ...]
    nothing: tuple[NothingOwed, ...]
    ended: tuple[EndedObligation, ...]
    reviewed: tuple[ExplainedReview, ...]
    reported: tuple[ExplainedCompletion, ...]
    replied: tuple[ExplainedReply, ...]
    acts: tuple[ExplainedAct, ...]
    said: tuple[ExplainedNotification, ...]
    sources: tuple[FactSource, ...]
    left_out: tuple[FileOfSource, ...] = ()  # files that these sources leave out, whose facts are of an earlier day

"""The values of which the contexts of messages are made, each frozen, and what travels in a letter."""

from dataclasses import Field, dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Literal, Protocol, runtime_checkable

from config.message_kinds import MessageKind
from config.terms import Addressee, Authority, Classification, Happening, OwedBy, Risk, Severity
from models.rules.obligations.ending import Ending
from tasks.obligations.dangers import Danger


@runtime_checkable
class MessageContext(Protocol):
    """The context of a message: a frozen dataclass, whose fields are the names that its templates use."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


def values(context: MessageContext) -> dict[str, Any]:
    """Return the values that templates use, by name."""
    return {field.name: getattr(context, field.name) for field in fields(context)}


@dataclass(frozen=True, kw_only=True)
class ReaderContext:
    """The part that every message to one reader has."""

    day: date  # the day as of which everything is shown
    reader: str  # the reader's role, or operations
    asks: str  # whose SPOC to ask about a restricted case: police, cps, operations


@dataclass(frozen=True, kw_only=True)
class DeskContext(ReaderContext):
    """The part of a message that names operations to its reader."""

    operations: str = ""  # their mailbox; empty where none is set, and for operations themselves


@dataclass(frozen=True)
class EnclosedMessage:
    """A message that travels in a letter."""

    kind: MessageKind
    context: MessageContext


@dataclass(frozen=True, kw_only=True)
class TriedStep:
    """A step taken, and its day."""

    step: str
    on: date


@dataclass(frozen=True, kw_only=True)
class FollowingStep:
    """The next step, if nothing changes."""

    step: str
    on: date
    to: tuple[Addressee, ...]


@dataclass(frozen=True, kw_only=True)
class ItemPromise:
    """An acknowledgement: its last day, the role of its maker, and how it ended (None while it is live)."""

    until_on: date
    role: str | None
    end: str | None


@dataclass(frozen=True, kw_only=True)
class ItemSitting:
    """A joint review's sitting; without one, the day up to which planned sittings are full (None: none planned)."""

    ref: str
    at: datetime | None
    full_to: date | None


@dataclass(frozen=True, kw_only=True)
class NamedPerson:
    """A member of staff. The name and the address are empty where none is known, or where they were erased."""

    ref: str
    name: str = ""
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class Ower(NamedPerson):
    """A person who owes an obligation, by role; without a reference, nobody is recorded."""

    role: str
    unreached: Literal["", "left", "no_address"] = ""  # why a person who is recorded hears nothing


@dataclass(frozen=True, kw_only=True)
class ReplyLinks:
    """The links of prepared replies about one obligation; each is empty where its answer would not be done today."""

    have_it: str  # a promise until a proposed day
    have_it_until: date | None
    done: str
    not_mine: str
    show: str
    confirm: str = ""  # that the grade is right
    record: str = ""  # what came of the meeting whose outcome is owed


@dataclass(frozen=True, kw_only=True)
class ObligationItem:
    """One obligation in a message to a reader. `days` counts from the due day: negative before it.

    `working_days` counts from today to `do_by`, the last working day that is not after the due day: negative after it.
    """

    reference: str
    urn: str | None
    risk: Risk | None  # None: of no case
    rule: str
    title: str
    subject: str  # empty for the whole case
    kind: str  # of an action, as its source's code; else empty
    parts: tuple[str, ...]  # of a duty of several parts: the names of those that are missing
    owers: tuple[Ower, ...]
    happening: Happening
    severity: Severity
    hard: bool
    stalls: bool
    due_on: date
    days: int
    do_by: date
    working_days: int
    since: date
    owed_by: OwedBy
    duty: Authority
    number: Authority
    step: str  # the step that is reported; empty in a standing
    at_once: bool  # whether that step's manner is at once
    tried: tuple[TriedStep, ...]
    moved: int
    following: FollowingStep | None
    ends_when: str
    addressee: Addressee
    note: str
    calculated_from: str
    promise: ItemPromise | None
    ended: Ending | None
    told_on: date
    command: str
    of_case: bool = True
    obligation_id: int = 0  # the version that a button applies to; 0: of no case, without a button
    reply: ReplyLinks | None = None  # None if replies are not read
    sits: ItemSitting | None = None  # only for a joint review that is owed
    inherited_at: date | None = None  # its force's first day, where it was due before that
    danger: Danger | None = None  # only where a grade asks for a look
    confirms: bool = False  # whether its reader may confirm the grade by a button
    raise_it: str = ""  # the link that begins a mail to the officer and the supervisor about the grade
    presumed: Classification | None = None  # as what its case is recorded that is watched as stalking all the same
    new_on: date | None = None  # the day on which its rule was new to the book, where it was due before that
    news: bool = True  # whether the message reports it as news, and not only as part of a standing

    @property
    def today(self) -> date:
        """The day as of which it is shown."""
        return self.due_on + timedelta(days=self.days)

    @property
    def group(self) -> str:
        """Its group in a message, worst first: hard, critical, overdue, soon, resolved."""
        if self.ended is not None:
            return "resolved"
        if self.hard:
            return "hard"
        return {Severity.CRITICALLY_OVERDUE: "critical", Severity.OVERDUE: "overdue"}.get(self.severity, "soon")


@dataclass(frozen=True, kw_only=True)
class FactsAsOf:
    """Files of a source that leaves them out: what they tell of these forces' cases is of a day."""

    day: date
    places: tuple[str, ...]
    files: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SituationCounts:
    """Counts of the reader's whole situation, each thing once; an obligation that stalls a case counts as the case."""

    stalled: int = 0
    passed: int = 0
    within_7_days: int = 0
    later_clocks: int = 0
    critical: int = 0
    overdue: int = 0
    soon: int = 0
    restricted: int = 0


@dataclass(frozen=True, kw_only=True)
class ItemGroup:
    """The shown items of one severity, in order; `count` includes those not shown."""

    name: str
    items: tuple[ObligationItem, ...]
    count: int

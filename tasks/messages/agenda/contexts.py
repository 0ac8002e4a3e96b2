"""What an agenda is rendered from: frozen values, references, days and counts only."""

from dataclasses import dataclass
from datetime import date, datetime

from config.sittings import ConveningReason, Part, Pattern, ReviewDecision
from config.terms import ActionStatus, Agency, OrderKind, Risk, Role
from models.rules.reviews.agenda_order import Urgency
from models.rules.reviews.pattern import IncidentPattern
from models.rules.reviews.stage import Stage
from models.rules.reviews.whose_turn import TurnDays
from tasks.messages.contexts import ObligationItem

_BARS = "▂▃▄▅▆▇"


@dataclass(frozen=True, kw_only=True)
class AgendaLine:
    """One thing owed. `key` is what the next agenda knows it by; `too_late` where it ends before the sitting."""

    item: ObligationItem
    key: str
    too_late: bool = False
    missing: tuple[str, ...] = ()  # what of it is not there: codes of the referral's checklist, or words' codes


@dataclass(frozen=True, kw_only=True)
class ProtectiveOrder:
    """An order in force. `days` are those left; `expiring` within four weeks."""

    ref: str
    kind: OrderKind
    made_on: date
    expires_on: date | None
    days: int | None
    expiring: bool
    key: str


@dataclass(frozen=True, kw_only=True)
class ReviewAction:
    """An action that the last review asked for, and what became of it. `on` is when it was closed, or falls due."""

    ref: str
    owner: Agency
    status: ActionStatus
    on: date | None
    key: str


@dataclass(frozen=True, kw_only=True)
class LastReview:
    """What the last review decided, and whether it was done. `decisions` are empty where nobody recorded any."""

    on: date
    held: bool
    quorate: bool
    decisions: tuple[ReviewDecision, ...]
    assessed: Pattern | None
    referred_on: date | None  # submitted to CPS since
    actions: tuple[ReviewAction, ...]
    key: str


@dataclass(frozen=True, kw_only=True)
class GoneObligation:
    """What stood on the case's last agenda and is owed no more."""

    title: str
    subject: str


@dataclass(frozen=True, kw_only=True)
class HiddenCase:
    """A restricted case as who may not read of it finds it on an agenda."""

    number: int
    starts_at: datetime
    ends_at: datetime
    hidden: bool = True
    unread: bool = False


@dataclass(frozen=True, kw_only=True)
class UnreadCase:
    """A case of which no value can be made: a row of it holds a word or a day that this version does not know."""

    number: int
    starts_at: datetime
    ends_at: datetime
    reference: str
    hidden: bool = False
    unread: bool = True


@dataclass(frozen=True, kw_only=True)
class AgendaCase:
    """One case on an agenda, which takes its cases in the order of urgency; each keeps the minutes that it has."""

    number: int
    starts_at: datetime
    ends_at: datetime
    told_on: date
    reference: str
    urn: str | None
    risk: Risk
    stage: Stage
    urgency: Urgency
    because: ConveningReason
    chosen: bool  # a person moved it here
    review_due_on: date
    first: bool  # it stood on no agenda before
    came: bool  # it came since this sitting's agenda was first sent
    news: frozenset[str]  # the keys that the last agenda did not have
    gone: tuple[GoneObligation, ...]
    opened_on: date
    reviewed_on: date | None  # the last quorate joint review
    reviewed: int  # days since that, or since it was opened
    moved_on: date  # the last progress
    moved_by: str
    moved: int  # days since
    clocks: tuple[AgendaLine, ...]
    both: tuple[AgendaLine, ...]
    police: tuple[AgendaLine, ...]
    cps: tuple[AgendaLine, ...]
    gaps: tuple[AgendaLine, ...]
    later: tuple[AgendaLine, ...]  # not due yet
    turns: TurnDays
    open_days: int
    pattern: IncidentPattern
    orders: tuple[ProtectiveOrder, ...]
    last: LastReview | None
    hidden: bool = False
    unread: bool = False

    @property
    def lines(self) -> tuple[AgendaLine, ...]:
        """Everything owed, in the order in which it is shown."""
        return (*self.clocks, *self.both, *self.police, *self.cps, *self.gaps, *self.later)

    @property
    def late(self) -> int:
        """How many of these are past their day."""
        return sum(line.item.days > 0 for line in self.lines)

    @property
    def pressing(self) -> bool:
        """Whether it needs deciding before the others."""
        return self.urgency <= Urgency.STALLED or any(line.too_late for line in self.clocks)

    @property
    def most(self) -> int:
        """The most incidents of one month of the pattern."""
        return max(number for _, number in self.pattern.months)

    @property
    def bars(self) -> tuple[str, ...]:
        """The pattern's months as the height of a sign: ▁ where nothing happened."""
        return tuple(
            _BARS[-(-number * len(_BARS) // self.most) - 1] if number else "▁" for _, number in self.pattern.months
        )


@dataclass(frozen=True, kw_only=True)
class AgendaContext:
    """A sitting's agenda for one reader."""

    day: date  # as everything stands on it
    reader: str  # the role in which the person is written to, or operations
    asks: str  # whose SPOC to ask of a restricted case: police, cps, operations
    part: Part | None  # what they are in the sitting; None: it is printed, and sent to nobody
    note: str  # why they, where it is not by their own right; roles only
    ref: str
    starts_at: datetime
    ends_at: datetime
    places: tuple[str, ...]  # the force and the CPS Area
    place: str
    chair: Role | None  # the chair's; None where they are not known
    chair_agency: Agency | None
    minutes: int
    earlier_on: date | None  # when this sitting's agenda was sent before
    svg: bool  # a page to print, not a mail: the pattern is drawn
    cases: tuple[AgendaCase | HiddenCase | UnreadCase, ...]
    late: int  # how many of those that the reader may know have something past its day
    pressing: tuple[AgendaCase, ...]  # those of them that need deciding first

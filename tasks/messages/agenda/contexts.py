"""The context of an agenda: frozen values with references, days and counts only."""

from dataclasses import dataclass
from datetime import date, datetime

from config.sittings import ConveningEnd, ConveningReason, Enquiries, Part, Pattern, ReviewDecision
from config.terms import ActionStatus, Agency, Classification, OrderKind, Risk, Role
from models.rules.catalogue import action
from models.rules.catalogue.contents import CONVENED
from models.rules.reviews.agenda_order import Urgency
from models.rules.reviews.agenda_question import Ask
from models.rules.reviews.pattern import IncidentPattern
from models.rules.reviews.stage import Stage
from models.rules.reviews.whose_turn import TurnDays
from models.rules.whereabouts import DefendantLine, SuspectLine
from tasks.messages.agenda.attendees import Attendee
from tasks.messages.contexts import FactsAsOf, ObligationItem, ReaderContext
from tasks.pattern import RelatedCases

_BARS = "▁▂▃▄▅▆▇"  # one step higher each time that the number doubles: 0, 1, 2 to 3, 4 to 7, 8 to 15, 16 to 31, more


@dataclass(frozen=True, kw_only=True)
class AgendaLine:
    """One obligation. The next agenda recognises it by `key`. `too_late` is true if it ends before the sitting."""

    item: ObligationItem
    key: str
    too_late: bool = False
    missing: tuple[str, ...] = ()  # missing items: codes of the referral's checklist, or keys of names


@dataclass(frozen=True, kw_only=True)
class ProtectiveOrder:
    """An order in force. `days` are the days left; `expiring` means within four weeks."""

    ref: str
    kind: OrderKind
    made_on: date
    expires_on: date | None
    days: int | None
    expiring: bool
    key: str


@dataclass(frozen=True, kw_only=True)
class ReviewAction:
    """An action that the last review raised, with its status. `on` is the day it was closed or falls due."""

    ref: str
    owner: Agency
    status: ActionStatus
    on: date | None
    key: str


@dataclass(frozen=True, kw_only=True)
class LastReview:
    """The last review, its decisions and their progress. `decisions` is empty if none were recorded."""

    on: date
    held: bool
    quorate: bool
    decisions: tuple[ReviewDecision, ...]
    assessed: Pattern | None
    enquiries: Enquiries | None  # whether every line of enquiry was looked at; None if nobody recorded it
    referred_on: date | None  # submitted to CPS since
    actions: tuple[ReviewAction, ...]
    key: str


@dataclass(frozen=True, kw_only=True)
class GoneObligation:
    """An obligation from the case's last agenda that is no longer owed."""

    title: str
    subject: str


@dataclass(frozen=True, kw_only=True)
class HiddenCase:
    """A restricted case, for readers without access."""

    number: int
    starts_at: datetime
    ends_at: datetime
    hidden: bool = True
    unread: bool = False


@dataclass(frozen=True, kw_only=True)
class UnreadCase:
    """A case whose rows hold a value that this version of Casebeat cannot read."""

    number: int
    starts_at: datetime
    ends_at: datetime
    reference: str
    hidden: bool = False
    unread: bool = True


@dataclass(frozen=True, kw_only=True)
class AgendaCase:
    """One case on an agenda. Cases are listed in the order of their minutes."""

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
    first: bool  # it was on no agenda before
    came: bool  # it came since this sitting's agenda was first sent
    after: bool  # it came after the minutes were given
    ask: Ask  # what there is to decide
    asked: AgendaLine | None  # about what
    news: frozenset[str]  # the keys that the last agenda did not have
    gone: tuple[GoneObligation, ...]
    opened_on: date
    reviewed_on: date | None  # the last quorate joint review
    reviewed: int  # days since that review, or since the case was opened
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
    related: tuple[RelatedCases, ...]  # the cases with the same suspect or the same victim
    suspects: tuple[SuspectLine, ...]
    defendants: tuple[DefendantLine, ...]
    orders: tuple[ProtectiveOrder, ...]
    last: LastReview | None
    hidden: bool = False
    unread: bool = False

    @property
    def lines(self) -> tuple[AgendaLine, ...]:
        """All obligations, in the order in which they are shown."""
        return (*self.clocks, *self.both, *self.police, *self.cps, *self.gaps, *self.later)

    @property
    def presumed(self) -> Classification | None:
        """Return as what it is recorded, if it is watched as stalking all the same."""
        return next((line.item.presumed for line in self.lines if line.item.presumed), None)

    @property
    def shared(self) -> tuple[AgendaLine, ...]:
        """What both sides owe besides the review, whose day is shown at the head of the case."""
        return tuple(line for line in self.both if line.item.rule not in CONVENED)

    @property
    def late(self) -> int:
        """The number of obligations past their due day."""
        return sum(line.item.days > 0 for line in self.lines)

    @property
    def most(self) -> int:
        """The highest number of incidents in one month of the pattern."""
        return max(number for _, number in self.pattern.months)

    @property
    def steps(self) -> tuple[int, ...]:
        """The height of each month's bar, by one scale for all cases: a step higher each time the number doubles."""
        return tuple(min(number.bit_length(), len(_BARS) - 1) for _, number in self.pattern.months)

    @property
    def bars(self) -> tuple[str, ...]:
        """The pattern's months as bars of block characters; ▁ means no incident."""
        return tuple(_BARS[step] for step in self.steps)

    @property
    def police_hand(self) -> tuple[str, ...]:
        """Things for the officer to have to hand, as keys of the names."""
        asked = {
            "safety": True,
            "enquiries": True,
            "actions": bool(self.police or (self.last and self.last.actions)),
            "orders": bool(self.orders),
            "referral": self.stage is Stage.WITH_CPS or any(line.missing for line in self.gaps),
        }
        return tuple(key for key, needed in asked.items() if needed)

    @property
    def cps_hand(self) -> tuple[str, ...]:
        """Things for the prosecutor to have to hand, as keys of the names."""
        asked = {
            "advice": self.stage is Stage.INVESTIGATION,
            "decision": self.stage is Stage.WITH_CPS,
            "charge": self.stage is Stage.AWAITING_CHARGE,
            "trial": self.stage is Stage.CHARGED,
            "limits": bool(self.clocks),
            "plan": any(line.item.rule == action.PLAN_RULE.name for line in self.lines),
        }
        return tuple(key for key, needed in asked.items() if needed)


@dataclass(frozen=True, kw_only=True)
class AgendaChange:
    """A case that came to a sitting, or left it, since its agenda was first sent. No reference: it is restricted."""

    reference: str
    came: ConveningReason | None  # None: it left
    left: ConveningEnd | None


@dataclass(frozen=True, kw_only=True)
class AgendaContext(ReaderContext):
    """A sitting's agenda for one reader."""

    part: Part | None  # the reader's part in the sitting; None: printed, and sent to nobody
    note: str  # why the reader gets it instead of somebody else; roles only
    ref: str
    starts_at: datetime
    ends_at: datetime
    places: tuple[str, ...]  # the force and the CPS Area
    place: str
    chair: Role | None  # the chair's role; None for an unknown chair
    chair_agency: Agency | None
    minutes: int
    settled: bool  # the minutes are given, and stay
    earlier_on: date | None  # the day on which this sitting's agenda was sent before
    moved_from: date | None  # the sitting's day as of that agenda, where it is another now
    changes: tuple[AgendaChange, ...]  # the cases that came and left since then
    news: int  # the number of visible cases of which something else is new since their last agenda
    svg: bool  # for a page to print, the pattern is a drawing
    cases: tuple[AgendaCase | HiddenCase | UnreadCase, ...]
    late: int  # the number of visible cases with an obligation past its due day
    as_of: tuple[FactsAsOf, ...] = ()
    attendees: tuple[Attendee, ...] = ()  # who comes, of those whose cases the reader is shown

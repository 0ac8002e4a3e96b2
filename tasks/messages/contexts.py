"""What a message may say: one frozen context per kind, and the values it is made of."""

from dataclasses import dataclass
from datetime import date, datetime

from config.numbers import Basis
from config.replies import Answered
from config.terms import Addressee, EndReason, Happening, OwedBy, Severity


@dataclass(frozen=True, kw_only=True)
class TriedStep:
    """A step that was taken, and its day."""

    step: str
    on: date


@dataclass(frozen=True, kw_only=True)
class FollowingStep:
    """The step that comes if nothing changes."""

    step: str
    on: date
    to: tuple[Addressee, ...]


@dataclass(frozen=True, kw_only=True)
class ItemPromise:
    """An acknowledgement: until when, by someone of which role, and how it ended if it no longer holds."""

    until_on: date
    role: str | None
    end: str | None


@dataclass(frozen=True, kw_only=True)
class ItemSitting:
    """The sitting that a joint review has; without one, up to which day those planned have no room, if any are."""

    ref: str
    at: datetime | None
    full_to: date | None


@dataclass(frozen=True, kw_only=True)
class ReplyLinks:
    """The links that begin a reply about one obligation: a proposed day, that it is done, that it is not theirs."""

    until: str
    until_on: date
    done: str  # empty where a reply cannot end it
    not_mine: str


@dataclass(frozen=True, kw_only=True)
class ObligationItem:
    """One obligation as a reader is told of it. `days` counts from the due day: negative before it."""

    reference: str
    urn: str | None
    rule: str
    title: str
    subject: str  # empty for the case as a whole
    happening: Happening
    severity: Severity
    hard: bool
    due_on: date
    days: int
    since: date
    owed_by: OwedBy
    basis: Basis
    tried: tuple[TriedStep, ...]
    moved: int
    following: FollowingStep | None
    ends_when: str
    addressee: Addressee
    note: str
    calculated_from: str
    promise: ItemPromise | None
    ended: EndReason | None
    ended_on: date | None
    told_on: date
    command: str
    of_case: bool = True
    obligation_id: int = 0  # the version that a button is good for; 0: of no case, so that it has none
    reply: ReplyLinks | None = None  # none where nobody reads replies
    sits: ItemSitting | None = None  # of a joint review that is owed
    news: bool = True  # said in this message for its own sake, not only as part of a standing

    @property
    def group(self) -> str:
        """Where it stands in a message, worst first: hard, critical, overdue, soon, resolved."""
        if self.ended is not None:
            return "resolved"
        if self.hard:
            return "hard"
        return {Severity.CRITICALLY_OVERDUE: "critical", Severity.OVERDUE: "overdue"}.get(self.severity, "soon")


@dataclass(frozen=True, kw_only=True)
class RecentEnd:
    """A version that ended in the past week, and how."""

    rule: str
    title: str
    ended: EndReason
    on: date


@dataclass(frozen=True, kw_only=True)
class StalledCase:
    """A case of the reader's force or Area that is stalled: since when, what is owed, what moved since last week."""

    reference: str
    urn: str | None
    since: date
    days: int
    new: bool
    owed: tuple[ObligationItem, ...]
    moves: tuple[RecentEnd, ...]


@dataclass(frozen=True, kw_only=True)
class WeeklyOverview:
    """What the week's first digest also holds."""

    stalled: tuple[StalledCase, ...] = ()
    stalled_more: int = 0
    still_open: tuple[ObligationItem, ...] = ()
    open_more: int = 0


@dataclass(frozen=True, kw_only=True)
class SituationCounts:
    """The reader's whole situation, each thing counted once; what stalls a case is counted as the case only."""

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
    """The items of one severity, in order, as far as they are shown; `count` is how many there are."""

    name: str
    items: tuple[ObligationItem, ...]
    count: int


@dataclass(frozen=True, kw_only=True)
class DigestContext:
    """One person's digest."""

    day: date
    reader: str  # the role in which the person is written to, or operations
    asks: str  # whose SPOC to ask of a restricted case: police, cps, operations
    leads: bool  # whether the reader answers for a force's or an Area's standing
    places: tuple[str, ...]
    instead_of: tuple[str, ...]  # the roles of those absent whose standing this is too
    counts: SituationCounts
    groups: tuple[ItemGroup, ...]
    more: int
    standing: WeeklyOverview | None
    listed: tuple[ObligationItem, ...]  # everything, for the attached list
    reply: str = ""  # the link that asks how everything stands; empty where nobody reads replies

    @property
    def cut_short(self) -> bool:
        """Whether it shows less than it lists, so that the list is attached."""
        standing = self.standing or WeeklyOverview()
        return bool(self.more or standing.stalled_more or standing.open_more)


@dataclass(frozen=True, kw_only=True)
class AtOnceContext:
    """One obligation said by itself; without an item, a restricted case that this reader may not read of."""

    day: date
    reader: str  # the role in which the person is written to, or operations
    asks: str  # whose SPOC to ask of a restricted case: police, cps, operations
    restricted: int  # 1 where there is no item
    item: ObligationItem | None
    reply: str = ""  # the link that asks how everything stands; empty where nobody reads replies


@dataclass(frozen=True, kw_only=True)
class OperationsContext:
    """Counts and references for operations: a headline, then lines."""

    day: date
    at: datetime
    headline: str
    lines: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AnswerContext:
    """What became of a reply; of a wish to know how things stand, all that its writer was told of and is still owed."""

    day: date
    reader: str  # the role in which the person is written to
    asks: str  # whose SPOC to ask of a restricted case: police, cps
    answered: Answered
    on: date | None  # promised until, or done on
    because: str  # why it was refused, a sentence; why it was unclear, a word of names.unclear
    restricted: int  # 1 where it is about what this reader may not read of
    item: ObligationItem | None  # what it is about
    counts: SituationCounts
    groups: tuple[ItemGroup, ...]
    more: int
    listed: tuple[ObligationItem, ...]  # everything, for the attached list
    reply: str = ""  # the link that asks how everything stands; empty where nobody reads replies

    @property
    def cut_short(self) -> bool:
        """Whether it shows less than it lists, so that the list is attached."""
        return bool(self.more)


@dataclass(frozen=True, kw_only=True)
class CaseThreadContext:
    """A case as its thread's first message shows it, for as long as it may be shown."""

    hidden: bool  # it has become restricted since
    reference: str
    urn: str | None
    items: tuple[ObligationItem, ...]
    left_out: int = 0  # of the last of these: what one message of Slack's has no room for


@dataclass(frozen=True, kw_only=True)
class CasePostContext:
    """One step in a case's thread: which, and to whom it was told."""

    day: date
    step: str
    to: tuple[Addressee, ...]
    item: ObligationItem

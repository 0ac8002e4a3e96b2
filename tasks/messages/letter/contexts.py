"""The context of the letter."""

from dataclasses import dataclass
from datetime import date, datetime

from config.message_kinds import LetterBlock
from config.terms import Risk
from tasks.messages.contexts import DeskContext, EnclosedMessage, FactsAsOf, ObligationItem
from tasks.pattern import ListedSign


@dataclass(frozen=True)
class Count:
    """A number of things of one kind: a key of names.counts."""

    what: str
    number: int


@dataclass(frozen=True, kw_only=True)
class Movement:
    """Something that was done on a case, and its day; of an action, its kind as its source's code."""

    what: str
    on: date
    kind: str


@dataclass(frozen=True, kw_only=True)
class StalledCase:
    """A stalled case of the reader's force or Area: its first stalled day, what is owed, and what was done since."""

    reference: str
    urn: str | None
    risk: Risk
    since: date
    days: int
    owed: tuple[ObligationItem, ...]
    moves: tuple[Movement, ...]


@dataclass(frozen=True, kw_only=True)
class ChangedCase:
    """A case that is named among what changed; of a lost time limit or order, with its title."""

    reference: str
    risk: Risk
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class ChangedCases:
    """Cases that changed in one way: the most pressing by reference, and how many others there are."""

    cases: tuple[ChangedCase, ...] = ()
    more: int = 0

    @property
    def number(self) -> int:
        """All of them."""
        return len(self.cases) + self.more


@dataclass(frozen=True, kw_only=True)
class WhatChanged:
    """What changed in a reader's forces and Areas since their last letter, and what is still stalled as it was then."""

    since: date | None  # the day of that letter; None: this is the first, so that nothing is new
    stalled: ChangedCases = ChangedCases()
    lost: ChangedCases = ChangedCases()
    cleared: ChangedCases = ChangedCases()
    raised: ChangedCases = ChangedCases()  # in which there is danger since
    still: ChangedCases = ChangedCases()
    closed: bool = False  # whether the letter has news of restricted cases, of which the reader reads only the number

    @property
    def nothing(self) -> bool:
        """Return whether nothing changed."""
        return not (self.closed or self._open)

    @property
    def unread(self) -> bool:
        """Return whether something changed, and nothing of which the reader may read."""
        return self.closed and not self._open

    @property
    def _open(self) -> int:
        return self.stalled.number + self.lost.number + self.cleared.number + self.raised.number


@dataclass(frozen=True, kw_only=True)
class InheritedWeek:
    """The inherited matters that were open on a day, one week after the other."""

    on: date
    number: int


@dataclass(frozen=True, kw_only=True)
class InheritedRule:
    """The inherited matters of one rule, by risk, and since when the oldest is due."""

    title: str
    oldest_on: date
    risks: tuple[tuple[str, int], ...]

    @property
    def number(self) -> int:
        """All of them."""
        return sum(number for _, number in self.risks)


@dataclass(frozen=True, kw_only=True)
class ForceStart:
    """A force's first day, and what it inherited: week by week, and once as it was then."""

    place: str
    on: date
    weeks: tuple[InheritedWeek, ...]
    first: bool = False  # whether the reader has read nothing of it yet
    risks: tuple[tuple[str, int], ...] = ()
    ages: tuple[tuple[int, int], ...] = ()  # by how many weeks they were overdue on that day: 0, 4, 13 or 52 at least
    climbs: tuple[tuple[str, date], ...] = ()  # from when they climb, by risk
    rules: tuple[InheritedRule, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What the week's first letter adds: the stalled cases, and what else is still open."""

    since: date | None  # the day of the last standing that the reader was sent; None: this is the first
    leads_anew: bool = False  # whether it is of the cases that the reader has come to lead on, and so opens the letter
    stalled: tuple[StalledCase, ...] = ()
    presumed: int = 0  # how many of all stalled cases are watched as stalking without being recorded as it
    still_open: tuple[ObligationItem, ...] = ()
    starts: tuple[ForceStart, ...] = ()  # for leads
    unseen: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()  # forces by name, and the rules unseen there
    sealed: str = ""  # for leads: the head of the audit log, to which they are a witness


@dataclass(frozen=True, kw_only=True)
class PatternEntry:
    """A harassment case that may be stalking, and what is recorded about why it is not."""

    reference: str
    urn: str | None
    risk: Risk
    signs: tuple[ListedSign, ...]
    recorded_on: date | None  # when the reason why it is not stalking was recorded, before `latest_on`
    latest_on: date  # the latest day of these facts
    unseen: bool  # its source does not send whether a reason is recorded
    presumed: bool  # it is watched as stalking until a reason is recorded
    again: bool  # it was listed before, and has something new
    state: str = "fresh"  # how it stands since the reader's last list: a key of names.listed


@dataclass(frozen=True, kw_only=True)
class PatternList:
    """The harassment cases of a leading SPOC that may be stalking: those listed now, and numbers of all."""

    fresh: int  # without a reason since their latest fact, and new or changed since the reader last read of them
    unchanged: int  # without such a reason, as the reader last read of them
    answered: int  # with a reason recorded since their latest fact
    cases: tuple[PatternEntry, ...]  # of the fresh ones, the most urgent, as many as a letter shows
    listed: tuple[PatternEntry, ...] = ()  # all of them, for the attached list


@dataclass(frozen=True, kw_only=True)
class LetterSitting:
    """A joint review meeting of the next days that the reader attends."""

    ref: str
    pair: str  # the force and the CPS Area
    starts_at: datetime
    place: str
    whole: bool  # whether the reader attends all of it
    cases: int
    own: int  # how many of its cases are the reader's own
    own_at: datetime | None  # when the first of these is reviewed
    record: str = ""  # on its day, the link with which its chair records what came of it


@dataclass(frozen=True, kw_only=True)
class TakenBack:
    """A matter of which the reader read something wrong: when, the due day that it gave, and what is right."""

    item: ObligationItem
    read_on: date
    due_then: date
    due_on: date | None  # the right due day, where it had moved
    reopened: bool = False  # what the reader had read is that it ended; `due_on` is by when it is owed


@dataclass(frozen=True, kw_only=True)
class LetterContext(DeskContext):
    """All that a day has for one person, in the order in which it is read."""

    leads: bool  # whether the reader is responsible for a force or an Area
    places: tuple[str, ...]
    instead_of: tuple[str, ...]  # the roles of absent people for whom the reader acts
    changed: WhatChanged | None  # of a SPOC or lead
    unchanged_since: date | None = None  # the day of their last letter, where nothing changed and nothing new is due
    counts: tuple[Count, ...] = ()  # the reader's whole situation, the most urgent first
    foremost: str = ""  # the reference that is listed first of those that the first of these counts; empty without one
    taken_back: tuple[TakenBack, ...]
    lost: tuple[ObligationItem, ...] = ()  # what ended without success
    limits: tuple[ObligationItem, ...] = ()  # time limits and orders that ran out in the last 28 days or end within 7
    at_once: tuple[ObligationItem, ...] = ()
    victim: tuple[ObligationItem, ...] = ()
    yours: tuple[ObligationItem, ...] = ()
    sittings: tuple[LetterSitting, ...]
    enclosed: tuple[EnclosedMessage, ...]  # what travels in it, one kind after the other
    resolved: tuple[ObligationItem, ...] = ()
    standing: Standing | None
    pattern: PatternList | None
    rest: tuple[Count, ...] = ()  # what no block lists
    listed: tuple[ObligationItem, ...]  # everything, for the attached list
    restricted: int
    unaddressed: int  # of operations: cases of which nobody is left to be told
    as_of: tuple[FactsAsOf, ...] = ()
    reply: str = ""  # the link that asks for the status; empty if replies are not read
    first: bool = False  # whether it is the first letter that the reader ever gets
    agendas_brief: bool = False  # whether what changed on an agenda is left to the agenda
    whole: "LetterContext | None" = None  # the same with all its news, where a list has what it leaves out

    @property
    def acts(self) -> tuple[EnclosedMessage, ...]:
        """The acts in the reader's name."""
        return tuple(message for message in self.enclosed if message.kind.block is LetterBlock.ACTS)

    @property
    def acts_counted(self) -> bool:
        """Return whether these are only counted, and stand in a list of their own."""
        return self.leads and len(self.acts) > 1

    @property
    def cut_short(self) -> bool:
        """Return whether items are left out, so that the full list is attached."""
        return bool(self.rest and self.listed)

"""Contexts of the letter and of what is said at once."""

from dataclasses import dataclass
from datetime import date

from config.terms import EndReason
from tasks.messages.contexts import ItemGroup, ObligationItem, SituationCounts


@dataclass(frozen=True, kw_only=True)
class RecentEnd:
    """A version that ended in the past week, with the reason."""

    rule: str
    title: str
    ended: EndReason
    on: date


@dataclass(frozen=True, kw_only=True)
class StalledCase:
    """A stalled case of the reader's force or Area: its first stalled day, obligations, and recent changes."""

    reference: str
    urn: str | None
    since: date
    days: int
    new: bool
    owed: tuple[ObligationItem, ...]
    moves: tuple[RecentEnd, ...]


@dataclass(frozen=True, kw_only=True)
class WeeklyOverview:
    """The extra content of the week's first digest."""

    stalled: tuple[StalledCase, ...] = ()
    stalled_more: int = 0
    still_open: tuple[ObligationItem, ...] = ()
    open_more: int = 0
    unseen: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()  # forces by name, and the rules unseen there


@dataclass(frozen=True, kw_only=True)
class DigestContext:
    """One person's digest."""

    day: date
    reader: str  # the reader's role, or operations
    asks: str  # whose SPOC to ask about a restricted case: police, cps, operations
    leads: bool  # whether the reader is responsible for a force or an Area
    places: tuple[str, ...]
    instead_of: tuple[str, ...]  # the roles of absent people for whom the reader acts
    counts: SituationCounts
    groups: tuple[ItemGroup, ...]
    more: int
    standing: WeeklyOverview | None
    listed: tuple[ObligationItem, ...]  # everything, for the attached list
    reply: str = ""  # the link that asks for the status; empty if replies are not read

    @property
    def cut_short(self) -> bool:
        """Whether items are left out, so that the full list is attached."""
        standing = self.standing or WeeklyOverview()
        return bool(self.more or standing.stalled_more or standing.open_more)


@dataclass(frozen=True, kw_only=True)
class AtOnceContext:
    """A message about one obligation; without an item, about a case that this reader may not see."""

    day: date
    reader: str  # the reader's role, or operations
    asks: str  # whose SPOC to ask about a restricted case: police, cps, operations
    restricted: int  # 1 without an item, of a restricted case
    item: ObligationItem | None
    unaddressed: int = 0  # 1 without an item, to operations: nobody is left to be told of it
    reply: str = ""  # the link that asks for the status; empty if replies are not read

"""What an invitation may say: a calendar event of a sitting, which of it is new, and why it goes."""

from dataclasses import dataclass
from datetime import date, datetime

from config.sittings import ConveningEnd, ConveningReason, EventGone, EventNews, Part


@dataclass(frozen=True, kw_only=True)
class CaseMinutes:
    """One case's minutes; without a reference, a restricted case that this reader may not read of."""

    reference: str
    starts_at: datetime
    ends_at: datetime
    because: ConveningReason
    due_on: date
    late: bool  # it sits after that day
    ended: ConveningEnd | None  # how it came to be convened there no more
    now_at: datetime | None  # when the sitting begins to which it is convened now


@dataclass(frozen=True, kw_only=True)
class EventWas:
    """What the reader was told before."""

    starts_at: datetime
    ends_at: datetime
    place: str


@dataclass(frozen=True, kw_only=True)
class InvitationContext:
    """One person's calendar event of one sitting."""

    day: date
    reader: str  # the role in which the person is written to
    asks: str  # whose SPOC to ask of a restricted case: police, cps
    by: str  # how the reader is called in a command
    news: EventNews
    pair: str  # the force and the CPS Area that sit
    sitting: str  # its reference
    starts_at: datetime
    ends_at: datetime
    place: str
    parts: tuple[Part, ...]
    notes: tuple[str, ...]  # why it is they who come, in roles
    whole: bool  # of the whole sitting; else of these cases' minutes
    cases: tuple[CaseMinutes, ...]
    restricted: int  # how many of them have no reference
    was: EventWas | None
    without: tuple[CaseMinutes, ...]  # what the reader was told before and is not to come for any more
    gone: EventGone | None
    agenda_on: date

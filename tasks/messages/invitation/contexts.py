"""The context of an invitation: a sitting's calendar event, its changes, and the reason of a cancellation."""

from dataclasses import dataclass
from datetime import date, datetime

from config.sittings import ConveningEnd, ConveningReason, EventGone, EventNews, Part


@dataclass(frozen=True, kw_only=True)
class CaseMinutes:
    """One case's minutes; without a reference, a restricted case that this reader may not see."""

    reference: str
    starts_at: datetime
    ends_at: datetime
    because: ConveningReason
    due_on: date
    late: bool  # whether it sits after that day
    ended: ConveningEnd | None  # why it is no longer convened to this sitting
    now_at: datetime | None  # the start of the sitting to which it is convened now


@dataclass(frozen=True, kw_only=True)
class EventWas:
    """The previous version of the event, as the reader received it."""

    starts_at: datetime
    ends_at: datetime
    place: str


@dataclass(frozen=True, kw_only=True)
class InvitationContext:
    """One person's calendar event for one sitting."""

    day: date
    reader: str  # the reader's role
    asks: str  # whose SPOC to ask about a restricted case: police, cps
    by: str  # the reader's contact_ref, for a command
    news: EventNews
    pair: str  # the force and the CPS Area
    sitting: str  # the sitting's reference
    starts_at: datetime
    ends_at: datetime
    place: str
    parts: tuple[Part, ...]
    notes: tuple[str, ...]  # why the reader is invited instead of somebody else, in roles
    whole: bool  # whether the event covers the whole sitting, or only these cases' minutes
    cases: tuple[CaseMinutes, ...]
    restricted: int  # the number of cases without a reference
    was: EventWas | None
    without: tuple[CaseMinutes, ...]  # cases of the previous version for which the reader is no longer needed
    gone: EventGone | None
    agenda_on: date

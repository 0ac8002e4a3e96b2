"""The context of an invitation: a sitting's calendar event, its changes, and the reason of a cancellation."""

from dataclasses import dataclass
from datetime import date, datetime

from config.sittings import ConveningEnd, ConveningReason, EventGone, EventNews, Part
from tasks.messages.agenda.contexts import AgendaCase, HiddenCase, UnreadCase
from tasks.messages.contexts import ReaderContext


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
class MeetingTime:
    """When and where a sitting is, or one meeting of a series."""

    starts_at: datetime
    ends_at: datetime
    place: str


@dataclass(frozen=True, kw_only=True)
class MeetingChange:
    """A meeting of a series that the reader's calendar has otherwise, or not at all."""

    was: MeetingTime | None  # None: it is new
    now: MeetingTime | None
    gone: EventGone | None  # why there is none now


@dataclass(frozen=True, kw_only=True)
class SeriesView:
    """A series of meetings: its rule, its exceptions by their moments by the rule, and what the mail shows of it."""

    rule: str  # RFC 5545, without an end
    until: datetime | None  # the beginning of the last meeting by the rule
    off: tuple[datetime, ...]  # meetings by the rule that there are not for this reader
    moved: tuple[tuple[datetime, MeetingTime], ...]  # meetings otherwise than by the rule
    coming: tuple[MeetingTime, ...]  # the next few, for the reader
    more: bool  # whether others follow them
    changes: tuple[MeetingChange, ...]


@dataclass(frozen=True, kw_only=True)
class InvitationContext(ReaderContext):
    """One person's calendar event: for one sitting, or for a series of them, and then without cases."""

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
    was: MeetingTime | None  # the previous version of the event, as the reader received it
    without: tuple[CaseMinutes, ...]  # cases of the previous version for which the reader is no longer needed
    gone: EventGone | None
    agenda_on: date
    own: tuple[AgendaCase | HiddenCase | UnreadCase, ...] = ()  # the reader's page of the agenda: these cases alone
    blocked: MeetingTime | None = None  # what a calendar blocks, where that is more than the minutes of their cases
    series: SeriesView | None = None  # then the event's times are those of its first day by the rule

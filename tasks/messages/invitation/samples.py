"""Made-up invitations, for previews and for tests of the templates. No reference belongs to a real case."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from config.days.london import LONDON
from config.sittings import ConveningEnd, ConveningReason, EventGone, EventNews, Part
from tasks.messages.agenda.samples import CALM, FULL, HIDDEN
from tasks.messages.invitation.contexts import CaseMinutes, InvitationContext, MeetingChange, MeetingTime, SeriesView


def _at(hour: int, minute: int, day: int = 24) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


_FIRST = CaseMinutes(
    reference="45/SAMPLE-0001", starts_at=_at(10, 20), ends_at=_at(10, 30), because=ConveningReason.NEW_INCIDENT,
    due_on=date(2026, 3, 25), late=False, ended=None, now_at=None,
)  # fmt: skip
_SECOND = replace(
    _FIRST, reference="45/SAMPLE-0003", starts_at=_at(10, 40), ends_at=_at(10, 50), because=ConveningReason.GAVE_WAY,
    due_on=date(2026, 3, 20), late=True,
)  # fmt: skip
_OUTSTANDING = replace(FULL, starts_at=_FIRST.starts_at, ends_at=_FIRST.ends_at)
_HIDDEN = replace(HIDDEN, starts_at=_FIRST.starts_at, ends_at=_FIRST.ends_at)
_LITTLE = replace(CALM, reference=_SECOND.reference, starts_at=_SECOND.starts_at, ends_at=_SECOND.ends_at)
CHAIR = InvitationContext(
    day=date(2026, 3, 16), reader="spoc", asks="police", news=EventNews.INVITED,
    pair="Surrey (45) and CPS South East", sitting="45-south-east-2026-03-24", starts_at=_at(10, 0),
    ends_at=_at(12, 0), place="Room 2 or the usual link", parts=(Part.CHAIR, Part.SPOC), notes=(), whole=True,
    cases=(), restricted=0, was=None, without=(), gone=None, agenda_on=date(2026, 3, 19),
)  # fmt: skip
OFFICER = replace(
    CHAIR, reader="officer", parts=(Part.OFFICER,), whole=False, starts_at=_at(10, 20),
    ends_at=_at(10, 50), cases=(_FIRST, _SECOND), own=(_OUTSTANDING, _LITTLE),
)  # fmt: skip
ONE = replace(OFFICER, cases=(_FIRST,), ends_at=_at(10, 30), own=(_OUTSTANDING,))
STANDS_IN = replace(
    ONE, reader="prosecutor", asks="cps", parts=(Part.PROSECUTOR,),
    notes=("standing in for the prosecutor",),
)  # fmt: skip
CLOSED = replace(ONE, cases=(replace(_FIRST, reference=""),), restricted=1, own=(_HIDDEN,))


def _meeting(day: date, place: str = CHAIR.place) -> MeetingTime:
    return MeetingTime(
        starts_at=datetime.combine(day, time(10), LONDON), ends_at=datetime.combine(day, time(12), LONDON), place=place
    )


_TUESDAYS = tuple(_meeting(date(2026, 3, 24) + timedelta(weeks=week)) for week in range(6))
_HELD_LATER = _meeting(date(2026, 5, 6), "Room 1")
_RECURS = SeriesView(rule="FREQ=WEEKLY;BYDAY=TU", until=None, off=(), moved=(), coming=_TUESDAYS, more=True, changes=())
SERIES = replace(CHAIR, sitting="45-south-east-series-2026-03-24", series=_RECURS)
SERIES_CHANGED = replace(
    SERIES, news=EventNews.CHANGED,
    series=replace(
        _RECURS, off=(_TUESDAYS[0].starts_at,), moved=((_meeting(date(2026, 5, 5)).starts_at, _HELD_LATER),),
        coming=_TUESDAYS[1:],
        changes=(
            MeetingChange(was=_TUESDAYS[0], now=None, gone=EventGone.EMPTY),
            MeetingChange(was=_meeting(date(2026, 5, 5)), now=_HELD_LATER, gone=None),
        ),
    ),
)  # fmt: skip
SERIES_ENDED = replace(
    SERIES, news=EventNews.ENDED, gone=EventGone.RULE,
    series=replace(_RECURS, until=_TUESDAYS[0].starts_at, coming=_TUESDAYS[:1], more=False),
)  # fmt: skip
SERIES_CANCELLED = replace(
    SERIES, news=EventNews.CANCELLED, gone=EventGone.OTHERS, series=replace(_RECURS, coming=(), more=False)
)
_WAS = MeetingTime(starts_at=_at(10, 20, 17), ends_at=_at(10, 30, 17), place="Room 1")
CHANGED = replace(ONE, news=EventNews.CHANGED, was=_WAS)
_MOVED = replace(_FIRST, ended=ConveningEnd.MOVED, now_at=_at(10, 0, 31))
CANCELLED = replace(ONE, news=EventNews.CANCELLED, gone=EventGone.CASES, cases=(_MOVED,), own=())
SAMPLES = {
    "invitation-chair": CHAIR,
    "invitation-officer": ONE,
    "invitation-officer-of-two": OFFICER,
    "invitation-stands-in": STANDS_IN,
    "invitation-restricted": CLOSED,
    "invitation-changed": CHANGED,
    "invitation-without-a-case": replace(
        ONE,
        news=EventNews.CHANGED,
        was=replace(_WAS, starts_at=_at(10, 20), ends_at=_at(10, 50), place=ONE.place),
        without=(replace(_SECOND, ended=ConveningEnd.NOT_OWED),),
    ),
    "invitation-chair-changed": replace(
        CHAIR, news=EventNews.CHANGED, was=replace(_WAS, starts_at=_at(10, 0, 17), ends_at=_at(12, 0, 17))
    ),
    "invitation-cancelled": CANCELLED,
    "invitation-chair-cancelled": replace(CHAIR, news=EventNews.CANCELLED, gone=EventGone.SITTING),
    "invitation-series": SERIES,
    "invitation-series-changed": SERIES_CHANGED,
    "invitation-series-ended": SERIES_ENDED,
    "invitation-series-cancelled": SERIES_CANCELLED,
    "invitation-officer-replaced": replace(ONE, news=EventNews.CANCELLED, gone=EventGone.OTHERS),
}

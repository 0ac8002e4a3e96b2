"""Made-up invitations, for previews and for tests of the templates. No reference belongs to a real case."""

from dataclasses import replace
from datetime import UTC, date, datetime

from config.sittings import ConveningEnd, ConveningReason, EventGone, EventNews, Part
from config.terms import MessageKind
from tasks.messages.invitation.contexts import CaseMinutes, EventWas, InvitationContext


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
CHAIR = InvitationContext(
    day=date(2026, 3, 16), reader="spoc", asks="police", by="P45spoc1", news=EventNews.INVITED,
    pair="Surrey (45) and CPS South East", sitting="45-south-east-2026-03-24", starts_at=_at(10, 0),
    ends_at=_at(12, 0), place="Room 2 or the usual link", parts=(Part.CHAIR, Part.SPOC), notes=(), whole=True,
    cases=(), restricted=0, was=None, without=(), gone=None, agenda_on=date(2026, 3, 19),
)  # fmt: skip
OFFICER = replace(
    CHAIR, reader="officer", by="P45of1", parts=(Part.OFFICER,), whole=False, starts_at=_at(10, 20),
    ends_at=_at(10, 50), cases=(_FIRST, _SECOND),
)  # fmt: skip
ONE = replace(OFFICER, cases=(_FIRST,), ends_at=_at(10, 30))
STANDS_IN = replace(
    ONE, reader="prosecutor", asks="cps", by="Cpr1", parts=(Part.PROSECUTOR,),
    notes=("standing in for the prosecutor",),
)  # fmt: skip
CLOSED = replace(ONE, cases=(replace(_FIRST, reference=""),), restricted=1)
_WAS = EventWas(starts_at=_at(10, 20, 17), ends_at=_at(10, 30, 17), place="Room 1")
CHANGED = replace(ONE, news=EventNews.CHANGED, was=_WAS)
_MOVED = replace(_FIRST, ended=ConveningEnd.MOVED, now_at=_at(10, 0, 31))
CANCELLED = replace(ONE, news=EventNews.CANCELLED, gone=EventGone.CASES, cases=(_MOVED,))
INVITATIONS = {
    name: (MessageKind.INVITATION, context)
    for name, context in {
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
        "invitation-officer-replaced": replace(ONE, news=EventNews.CANCELLED, gone=EventGone.OTHERS),
    }.items()
}

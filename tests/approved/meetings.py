"""Invented agendas, invitations and lists of reviews, for the branches that the samples of the preview do not take."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from config.message_kinds import MessageKind
from config.sittings import ConveningReason, EventGone, Part, Pattern
from config.terms import Agency, Classification, Severity
from models.rules.reviews.agenda_question import Ask
from models.rules.reviews.capacity import ExtraPlaces
from tests.approved.variants import AS_OF
from tests.worlds.samples import (
    AGENDA,
    BUSY,
    BY_HAND,
    CALM,
    CANCELLED,
    CHAIR,
    DANGER,
    FAILED_TWICE,
    INVITED,
    LATE,
    MORNING,
    PHONE,
    SERIES_CHANGED,
    SERIES_ENDED,
    TRANSFERRED,
)

DAY = AGENDA.day
_LIMIT, _ACTION, _BOTH = BUSY.clocks[0], BUSY.police[0], BUSY.both[0]
_LAST = BUSY.last
assert _LAST is not None
_CLOCKS = (
    replace(_LIMIT, item=replace(_LIMIT.item, days=1, due_on=DAY - timedelta(days=1)), too_late=False),
    replace(_LIMIT, item=replace(_LIMIT.item, days=0, due_on=DAY, tried=_LIMIT.item.tried[:1])),
    replace(_LIMIT, item=replace(_LIMIT.item, days=-1, due_on=DAY + timedelta(days=1), tried=())),
)
_ORDER = replace(
    _LIMIT,
    item=replace(
        _LIMIT.item, rule="order-expiry", title="End of a protective order", days=1, due_on=DAY - timedelta(1)
    ),
    too_late=False,
)
_ENDING = replace(BUSY.orders[0], days=0, expires_on=DAY)
_CASES = {
    "clocks": replace(
        BUSY, clocks=_CLOCKS, both=(), cps=(), pattern=BUSY.pattern._replace(shortening=False, breaches=1)
    ),
    "ends": replace(
        BUSY,
        clocks=(),
        police=(),
        first=True,
        came=True,
        chosen=False,
        gone=(*BUSY.gone, BUSY.gone[0]),
        later=(*BUSY.later, replace(BUSY.later[0], key="other")),
        both=(replace(_BOTH, item=replace(_BOTH.item, days=0, due_on=DAY)),),
        gaps=(replace(BUSY.gaps[0], missing=("C03", "victim_consulted")), _ORDER),
        orders=(_ENDING, replace(_ENDING, expiring=False, days=1)),
        last=replace(_LAST, quorate=False, decisions=(), enquiries=None, actions=(replace(_LAST.actions[0], on=None),)),
    ),
    "assessed": replace(
        BUSY,
        both=(),
        cps=(),
        police=(),
        gaps=(),
        clocks=(),
        orders=(),
        came=True,
        last=replace(_LAST, assessed=Pattern.STALKING, enquiries=None, referred_on=None),
        ask=Ask.SUBMISSION,
    ),
    "closing": replace(BUSY, ask=Ask.CLOSING, police=BUSY.police * 5, gaps=BUSY.gaps * 4),
    "owed": replace(BUSY, ask=Ask.OWED, asked=BUSY.police[0]),
    "past": replace(BUSY, clocks=_CLOCKS[:1], asked=_CLOCKS[0]),
    "both-sides-alone": replace(BUSY, police=(), cps=()),
    "one-side": replace(
        BUSY,
        police=(
            replace(_ACTION, item=replace(_ACTION.item, severity=Severity.OVERDUE, tried=(), promise=None)),
            replace(_ACTION, item=replace(DANGER, presumed=Classification.HARASSMENT), key="owed|danger|2026-03-17||"),
            replace(_ACTION, item=PHONE, key="owed|action|2026-03-12||A-9002"),
        ),
        cps=(),
    ),
}
_PROMISE = _ACTION.item.promise
assert _PROMISE is not None
_NEWS = replace(
    BUSY,
    because=ConveningReason.NOT_HELD,
    chosen=False,
    review_due_on=DAY - timedelta(days=2),
    news=BUSY.news | {BUSY.later[0].key, BUSY.suspects[0].key, BUSY.defendants[0].key},
    police=(
        replace(_ACTION, item=replace(_ACTION.item, days=0, due_on=DAY)),
        replace(_ACTION, item=replace(_ACTION.item, promise=replace(_PROMISE, end="moved"))),
    ),
)
AGENDAS = {
    "news": replace(
        MORNING,
        places=("Dyfed-Powys (63)", "CPS Cymru-Wales and beyond"),
        as_of=AS_OF,
        changes=(*MORNING.changes, *MORNING.changes),
        cases=(_NEWS, replace(BUSY, after=True)),
    ),
    "nothing-new": replace(MORNING, cases=(CALM,), moved_from=None, changes=(), news=0, settled=False),
    **{name: replace(MORNING, cases=(case, CALM), note="") for name, case in _CASES.items()},
    "stand-in": replace(AGENDA, note="standing in for the police SPOC", chair_agency=Agency.CPS),
    "spoc": replace(AGENDA, part=Part.SPOC, note=""),
    "printed": replace(AGENDA, part=None, note="", reader="operations", asks="operations", attendees=()),
}
_EXTRA = (ExtraPlaces(1, DAY), ExtraPlaces(2, DAY + timedelta(days=7)), ExtraPlaces(1, DAY + timedelta(days=14)))
_CASE = LATE.cases[0]
CONVENING = {
    "one-more": replace(LATE, late=1, more=_EXTRA[:1], restricted=2, cases=(replace(_CASE, days=1),)),
    "three-more": replace(LATE, more=_EXTRA, pairs=("A", "B", "C", "D"), left_out=1, restricted=0),
    "enough-for-two": replace(LATE, late=2, more=(), restricted=1, left_out=2, cases=(replace(_CASE, days=0),)),
    "one-by-hand": replace(BY_HAND, late=1, left_out=0),
}
FAILED = {
    "one-day": replace(FAILED_TWICE, days=1, failed=tuple(replace(one, how="cps") for one in FAILED_TWICE.failed)),
    "without-addressee": replace(FAILED_TWICE, reader="operations", asks="operations", reference="", urn=None),
    "police-alone": replace(FAILED_TWICE, failed=tuple(replace(one, how="police") for one in FAILED_TWICE.failed)),
}
TRANSFERRED = {
    "without-addressee": replace(TRANSFERRED, reader="operations", asks="operations", reference="", urn=None, there=()),
    "of-two": replace(TRANSFERRED, there=("43/SAMPLE-0011", "44/SAMPLE-0012"), orders=1, first_on=None),
    "without-a-urn": replace(TRANSFERRED, urn=None, there=(), kept_there=False, orders=0, first_on=None),
}
_CHANGED = SERIES_CHANGED.series
assert _CHANGED is not None
_OTHERWISE = _CHANGED.changes[-1]
_ON_AGAIN = replace(_CHANGED.changes[0], was=None, now=_CHANGED.changes[0].was, gone=None)
INVITATIONS = {
    "restricted-cancelled": replace(CANCELLED, cases=(replace(CANCELLED.cases[0], reference=""),), restricted=1),
    "nothing-named-cancelled": replace(CANCELLED, cases=()),
    "not-theirs-any-more": replace(CANCELLED, cases=(replace(CANCELLED.cases[0], ended=None, now_at=None),)),
    "chair-after-the-agenda": replace(CHAIR, day=CHAIR.agenda_on + timedelta(days=1)),
    "officer-after-the-agenda": replace(INVITED, day=INVITED.agenda_on + timedelta(days=1)),
    "series-on-again": replace(
        SERIES_CHANGED, series=replace(_CHANGED, changes=(_ON_AGAIN,), coming=(_OTHERWISE.now,), more=False)
    ),
    "series-without-one": replace(
        SERIES_CHANGED, series=replace(_CHANGED, changes=(replace(_CHANGED.changes[0], gone=EventGone.OTHERS),))
    ),
    "series-that-goes-on": replace(SERIES_CHANGED, series=replace(_CHANGED, changes=())),
    "series-that-ended": replace(
        SERIES_ENDED, series=replace(_CHANGED, until=_OTHERWISE.was.starts_at, changes=(), coming=(), more=False)
    ),
}
SAMPLES: dict[str, tuple[MessageKind, Any]] = {
    **{f"agenda-of-{name}": (MessageKind.AGENDA, context) for name, context in AGENDAS.items()},
    **{f"capacity-{name}": (MessageKind.CAPACITY, context) for name, context in CONVENING.items()},
    **{f"transfer-{name}": (MessageKind.TRANSFER, context) for name, context in TRANSFERRED.items()},
    **{f"failed-review-{name}": (MessageKind.FAILED_REVIEW, context) for name, context in FAILED.items()},
    **{f"invitation-{name}": (MessageKind.INVITATION, context) for name, context in INVITATIONS.items()},
}

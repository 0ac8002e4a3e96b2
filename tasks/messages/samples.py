"""Made-up messages, for previews and for tests of the templates. No reference belongs to a real case."""

from dataclasses import replace
from datetime import UTC, date, datetime

from config.replies import Answered
from config.terms import Addressee, EndReason, MessageKind
from tasks.messages.agenda.samples import AGENDAS
from tasks.messages.capacity.samples import LACKINGS
from tasks.messages.contexts import (
    AnswerContext,
    ItemGroup,
    ItemPromise,
    ObligationItem,
    OperationsContext,
    ReplyLinks,
    SituationCounts,
)
from tasks.messages.correction.samples import CORRECTIONS
from tasks.messages.failed_review.samples import UNHELDS
from tasks.messages.invitation.samples import INVITATIONS
from tasks.messages.kinds import MessageContext
from tasks.messages.letter.contexts import (
    AtOnceContext,
    DigestContext,
    RecentEnd,
    StalledCase,
    WeeklyOverview,
)
from tasks.messages.sample_items import ACTION, BAIL, DAY, DECISION, LAST, LIMIT, OLD, RESOLVED, REVIEW
from tasks.messages.transfer.samples import TRANSFERS

_TAKEN_ON = ItemPromise(until_on=DAY, role="spoc", end=None)
STALLED = (
    StalledCase(
        reference="45/SAMPLE-0001", urn="45ZZ0000001", since=date(2026, 3, 9), days=7, new=True, owed=(REVIEW,),
        moves=(RecentEnd(rule="action", title="Outstanding action", ended=EndReason.MET, on=date(2026, 3, 11)),),
    ),
    StalledCase(
        reference="45/SAMPLE-0006", urn="45ZZ0000006", since=date(2026, 2, 16), days=28, new=False,
        owed=(replace(LAST, since=date(2026, 2, 16), promise=_TAKEN_ON, news=False),),
        moves=(),
    ),
)  # fmt: skip


def _groups(*items: ObligationItem) -> tuple[ItemGroup, ...]:
    order = ("hard", "critical", "overdue", "soon", "resolved")
    grouped = ((name, tuple(item for item in items if item.group == name)) for name in order)
    return tuple(ItemGroup(name=name, items=found, count=len(found)) for name, found in grouped if found)


_ITEMS = (LIMIT, REVIEW, ACTION, DECISION, RESOLVED)
SPOC = DigestContext(
    day=DAY,
    reader="spoc",
    asks="police",
    leads=True,
    places=("Surrey (45)",),
    instead_of=(),
    counts=SituationCounts(stalled=5, within_7_days=1, restricted=1),
    groups=tuple(
        replace(group, count=group.count + 17 * (group.name == "resolved"))
        for group in _groups(LIMIT, ACTION, DECISION, RESOLVED)
    ),
    more=17,
    standing=WeeklyOverview(
        stalled=STALLED,
        stalled_more=3,
        still_open=(OLD,),
        open_more=1,
        unseen=((("Surrey",), ("order-told", "breach-unanswered")),),
    ),
    listed=(*_ITEMS, OLD),
)
WEEKDAY = replace(SPOC, groups=_groups(*_ITEMS), more=0, standing=None)
ACTING = replace(SPOC, reader="legal_manager", asks="cps", places=("CPS South East",), instead_of=("lead",))
OFFICER = replace(
    SPOC,
    reader="officer",
    leads=False,
    counts=SituationCounts(overdue=2, soon=1),
    groups=_groups(replace(ACTION, addressee=Addressee.OWNER), DECISION),
    more=0,
    standing=None,
)
NOTHING = replace(SPOC, counts=SituationCounts(), groups=(), more=0, standing=WeeklyOverview(), listed=())
ONE = AtOnceContext(day=DAY, reader="spoc", asks="police", restricted=0, item=LIMIT)
ROUND = OperationsContext(
    day=DAY, at=datetime(2026, 3, 16, 6, 12, tzinfo=UTC),
    headline="412 of 412 open cases evaluated, 0 failed, 0 steps due",
    lines=("force 45: 212 open, 9 evaluated, 203 unchanged", "force 46: 200 open, 0 evaluated, 200 unchanged"),
)  # fmt: skip
_LINK = "mailto:replies@example.police.uk?subject=Casebeat%2045/SAMPLE-0003%20action%20%5Bcb1.KEY%5D&body="
_REPLY = ReplyLinks(
    until=f"{_LINK}until%20Fri%2020%20Mar%202026", until_on=date(2026, 3, 20), done=f"{_LINK}done",
    not_mine=f"{_LINK}not%20mine",
)  # fmt: skip
ANSWER = AnswerContext(
    day=DAY, reader="officer", asks="police", answered=Answered.PROMISED, on=date(2026, 3, 20), because="nothing",
    restricted=0, reply="mailto:replies@example.police.uk?subject=Casebeat%20status%20%5Bcb1.KEY%5D&body=status",
    item=replace(ACTION, reply=_REPLY), counts=OFFICER.counts, groups=OFFICER.groups, more=2, listed=(ACTION, DECISION),
)  # fmt: skip
SAMPLES: dict[str, tuple[MessageKind, MessageContext]] = {
    **{f"answer-{one.replace(' ', '-')}": (MessageKind.ANSWER, replace(ANSWER, answered=one)) for one in Answered},
    "digest-spoc-monday": (MessageKind.LETTER, SPOC),
    "digest-spoc-weekday": (MessageKind.LETTER, WEEKDAY),
    "digest-in-place-of-the-lead": (MessageKind.LETTER, ACTING),
    "digest-officer": (MessageKind.LETTER, OFFICER),
    "digest-nothing-stalled": (MessageKind.LETTER, NOTHING),
    "at-once-time-limit": (MessageKind.AT_ONCE, ONE),
    "at-once-clock-passed": (MessageKind.AT_ONCE, replace(ONE, reader="lead", item=BAIL)),
    "at-once-restricted": (MessageKind.AT_ONCE, replace(ONE, asks="cps", restricted=1, item=None)),
    "operations": (MessageKind.OPERATIONS, ROUND),
    **INVITATIONS,
    **AGENDAS,
    **UNHELDS, **LACKINGS, **CORRECTIONS, **TRANSFERS,
}  # fmt: skip

"""Made-up messages, for previews and for tests of the templates. No reference belongs to a real case."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from config.numbers import Basis
from config.replies import Answered
from config.terms import Addressee, EndReason, Happening, MessageKind, OwedBy, Severity
from models.rules.obligations.rulebook import RULES
from tasks.messages.agenda.samples import AGENDAS
from tasks.messages.capacity.samples import LACKINGS
from tasks.messages.contexts import (
    AnswerContext,
    AtOnceContext,
    DigestContext,
    FollowingStep,
    ItemGroup,
    ItemPromise,
    ItemSitting,
    ObligationItem,
    OperationsContext,
    RecentEnd,
    ReplyLinks,
    SituationCounts,
    StalledCase,
    TriedStep,
    WeeklyOverview,
)
from tasks.messages.correction.samples import CORRECTIONS
from tasks.messages.failed_review.samples import UNHELDS
from tasks.messages.invitation.samples import INVITATIONS
from tasks.messages.kinds import MessageContext

DAY = date(2026, 3, 16)
_EVERYONE = (Addressee.OWNER, Addressee.SUPERVISOR, Addressee.SPOC, Addressee.LEAD, Addressee.COUNTERPART)


def _command(reference: str, rule: str, until: str) -> str:
    return f'casebeat acknowledge {reference} {rule} --by P45spoc1 --until {until} --reason "..."'


_OWED = ObligationItem(
    reference="45/SAMPLE-0001",
    urn="45ZZ0000001",
    rule="joint-review",
    title="Joint review by police and CPS",
    subject="",
    happening=Happening.STEP,
    severity=Severity.CRITICALLY_OVERDUE,
    hard=False,
    due_on=date(2026, 3, 5),
    days=11,
    since=date(2026, 3, 9),
    owed_by=OwedBy.BOTH,
    basis=Basis.DUTY_LAW_NUMBER_LOCAL,
    tried=(TriedStep(step="reminder", on=date(2026, 2, 26)), TriedStep(step="overdue", on=date(2026, 3, 6))),
    moved=1,
    following=FollowingStep(step="unresolved", on=date(2026, 3, 23), to=_EVERYONE),
    ends_when=RULES["joint-review"].ends_when,
    addressee=Addressee.SPOC,
    note="",
    calculated_from="",
    promise=None,
    ended=None,
    ended_on=None,
    told_on=DAY,
    command=_command("45/SAMPLE-0001", "joint-review", "2026-03-20"),
)
_SITS = ItemSitting(ref="45-south-east-2026-03-17", at=datetime(2026, 3, 17, 10, 20, tzinfo=UTC), full_to=None)
REVIEW = replace(_OWED, sits=_SITS)
LIMIT = replace(
    _OWED,
    reference="45/SAMPLE-0002",
    urn="45ZZ0000002",
    rule="summary-time-limit",
    title="Six-month time limit for a summary offence",
    severity=Severity.DUE_SOON,
    hard=True,
    due_on=date(2026, 3, 22),
    days=-6,
    since=date(2026, 3, 22),
    basis=Basis.LAW,
    tried=(TriedStep(step="notice", on=date(2026, 1, 26)), TriedStep(step="two-weeks", on=date(2026, 3, 9))),
    moved=0,
    following=FollowingStep(step="last-day", on=date(2026, 3, 20), to=_EVERYONE),
    ends_when=RULES["summary-time-limit"].ends_when,
    calculated_from="last act Mon 22 Sep 2025 + 6 months = Sun 22 Mar 2026",
    command=_command("45/SAMPLE-0002", "summary-time-limit", "2026-03-20"),
)
ACTION = replace(
    _OWED,
    reference="45/SAMPLE-0003",
    urn=None,
    rule="action",
    title="Outstanding action",
    subject="A-9001",
    happening=Happening.LAPSED,
    severity=Severity.OVERDUE,
    due_on=date(2026, 3, 12),
    days=4,
    since=date(2026, 3, 13),
    owed_by=OwedBy.POLICE,
    basis=Basis.LOCAL,
    tried=(TriedStep(step="overdue", on=date(2026, 3, 13)),),
    moved=0,
    following=FollowingStep(step="critical", on=date(2026, 3, 19), to=_EVERYONE[:3]),
    ends_when=RULES["action"].ends_when,
    promise=ItemPromise(until_on=date(2026, 3, 13), role="officer", end="lapsed"),
    command=_command("45/SAMPLE-0003", "action/action:A-9001", "2026-03-20"),
)
DECISION = replace(
    ACTION,
    reference="45/SAMPLE-0004",
    urn="45ZZ0000004",
    rule="charging-decision",
    title="Charging decision by CPS",
    subject="R-9002",
    happening=Happening.HANDED_OVER,
    severity=Severity.DUE_SOON,
    due_on=date(2026, 3, 18),
    days=-2,
    since=date(2026, 3, 18),
    owed_by=OwedBy.CPS,
    tried=(),
    following=FollowingStep(step="overdue", on=date(2026, 3, 19), to=_EVERYONE[:2]),
    ends_when=RULES["charging-decision"].ends_when,
    addressee=Addressee.OWNER,
    note="no prosecutor is recorded",
    promise=ItemPromise(until_on=date(2026, 3, 17), role=None, end=None),
    command=_command("45/SAMPLE-0004", "charging-decision/referral:R-9002", "2026-03-20"),
)
RESOLVED = replace(
    _OWED,
    reference="45/SAMPLE-0005",
    rule="no-progress",
    title="Case without progress",
    owed_by=OwedBy.POLICE,
    happening=Happening.RESOLVED,
    ended=EndReason.MET,
    ended_on=date(2026, 3, 13),
    told_on=date(2026, 3, 6),
)
_OLD = replace(
    _OWED,
    reference="45/SAMPLE-0006",
    urn="45ZZ0000006",
    rule="action-plan",
    title="Action plan item for CPS",
    subject="A-9003",
)
_LAST = replace(_OLD, following=None, owed_by=OwedBy.POLICE)

_TAKEN_ON = ItemPromise(until_on=DAY, role="spoc", end=None)
STALLED = (
    StalledCase(
        reference="45/SAMPLE-0001", urn="45ZZ0000001", since=date(2026, 3, 9), days=7, new=True, owed=(REVIEW,),
        moves=(RecentEnd(rule="action", title="Outstanding action", ended=EndReason.MET, on=date(2026, 3, 11)),),
    ),
    StalledCase(
        reference="45/SAMPLE-0006", urn="45ZZ0000006", since=date(2026, 2, 16), days=28, new=False,
        owed=(replace(_LAST, since=date(2026, 2, 16), promise=_TAKEN_ON, news=False),),
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
    standing=WeeklyOverview(stalled=STALLED, stalled_more=3, still_open=(_OLD,), open_more=1),
    listed=(*_ITEMS, _OLD),
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
BAIL = replace(
    LIMIT,
    reference="45/SAMPLE-0007",
    urn="45ZZ0000007",
    rule="bail-end",
    title="Pre-charge bail ends",
    severity=Severity.CRITICALLY_OVERDUE,
    due_on=DAY - timedelta(days=1),
    days=1,
    since=DAY,
    owed_by=OwedBy.POLICE,
    tried=(TriedStep(step="one-week", on=date(2026, 3, 8)), TriedStep(step="last-day", on=date(2026, 3, 13))),
    following=None,
    ends_when=RULES["bail-end"].ends_when,
    addressee=Addressee.LEAD,
    calculated_from="bail ends Sun 15 Mar 2026",
    command=_command("45/SAMPLE-0007", "bail-end", "2026-03-20"),
)
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
    "digest-spoc-monday": (MessageKind.DIGEST, SPOC),
    "digest-spoc-weekday": (MessageKind.DIGEST, WEEKDAY),
    "digest-in-place-of-the-lead": (MessageKind.DIGEST, ACTING),
    "digest-officer": (MessageKind.DIGEST, OFFICER),
    "digest-nothing-stalled": (MessageKind.DIGEST, NOTHING),
    "at-once-time-limit": (MessageKind.AT_ONCE, ONE),
    "at-once-clock-passed": (MessageKind.AT_ONCE, replace(ONE, reader="lead", item=BAIL)),
    "at-once-restricted": (MessageKind.AT_ONCE, replace(ONE, asks="cps", restricted=1, item=None)),
    "operations": (MessageKind.OPERATIONS, ROUND),
    **INVITATIONS,
    **AGENDAS,
    **UNHELDS, **LACKINGS, **CORRECTIONS,
}  # fmt: skip

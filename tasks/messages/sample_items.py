"""Made-up items of messages, of which the samples are made. No reference belongs to a real case."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from config.authority import Authority
from config.terms import Addressee, EndReason, Happening, OwedBy, Severity
from models.rules.obligations.rulebook import RULES
from tasks.messages.contexts import FollowingStep, ItemPromise, ItemSitting, ObligationItem, TriedStep

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
    duty=Authority.PUBLISHED,
    number=Authority.LOCAL,
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
    title="Six-month time limit (STL) for a summary offence",
    severity=Severity.DUE_SOON,
    hard=True,
    due_on=date(2026, 3, 22),
    days=-6,
    since=date(2026, 3, 22),
    duty=Authority.LAW,
    number=Authority.LAW,
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
    duty=Authority.LOCAL,
    number=Authority.LOCAL,
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
OLD = replace(
    _OWED,
    reference="45/SAMPLE-0006",
    urn="45ZZ0000006",
    rule="action-plan",
    title="Action plan item for CPS",
    subject="A-9003",
)
LAST = replace(OLD, following=None, owed_by=OwedBy.POLICE)
BAIL = replace(
    LIMIT,
    reference="45/SAMPLE-0007",
    urn="45ZZ0000007",
    rule="bail-end",
    title="End of pre-charge bail",
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

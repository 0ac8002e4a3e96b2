"""Made-up agendas, for previews and for tests of the templates. No reference belongs to a real case."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from config.pattern import Sign
from config.sittings import ConveningEnd, ConveningReason, Enquiries, Part, ReviewDecision
from config.terms import ActionStatus, Addressee, Agency, Authority, Happening, OrderKind, OwedBy, Risk, Role, Severity
from models.rules.catalogue import (
    action,
    charging_decision,
    joint_review,
    referral_checklist,
    summary_time_limit,
    supervisor_review,
)
from models.rules.catalogue.rule import Rule
from models.rules.reviews.agenda_order import Urgency
from models.rules.reviews.agenda_question import Ask
from models.rules.reviews.pattern import IncidentPattern
from models.rules.reviews.stage import Stage
from models.rules.reviews.whose_turn import TurnDays
from tasks.messages.agenda.contexts import (
    AgendaCase,
    AgendaChange,
    AgendaContext,
    AgendaLine,
    GoneObligation,
    HiddenCase,
    LastReview,
    ProtectiveOrder,
    ReviewAction,
    UnreadCase,
)
from tasks.messages.contexts import ItemPromise, ObligationItem, Ower, TriedStep
from tasks.pattern import RelatedCase, RelatedCases

DAY = date(2026, 3, 12)
_AT = datetime(2026, 3, 17, 10, tzinfo=UTC)
_MONTHS = [date(2025 + (n + 3) // 12, (n + 3) % 12 + 1, 1) for n in range(12)]


def _item(rule: Rule, owed_by: OwedBy, severity: Severity, days: int, *, subject: str = "") -> ObligationItem:
    due_on = DAY - timedelta(days=days)
    return ObligationItem(
        reference="45/SAMPLE-0001", urn="45ZZ0000001", risk=Risk.HIGH, rule=rule.name, title=rule.title,
        subject=subject, kind="", owers=(Ower(role="officer", ref="P45of1"),), do_by=due_on, working_days=-days,
        step="", at_once=False,
        happening=Happening.STEP, severity=severity, hard=False, stalls=True, due_on=due_on, days=days,
        since=due_on + timedelta(days=1), owed_by=owed_by, duty=Authority.LOCAL, number=Authority.LOCAL, tried=(),
        moved=0, following=None,
        ends_when="", addressee=Addressee.SPOC, note="", calculated_from="", promise=None, ended=None, ended_on=None,
        told_on=DAY, command="",
    )  # fmt: skip


def _line(item: ObligationItem, *, too_late: bool = False) -> AgendaLine:
    return AgendaLine(item=item, key=f"owed|{item.rule}|{item.due_on}||{item.subject}", too_late=too_late)


_LIMIT = replace(
    _item(summary_time_limit.RULE, OwedBy.BOTH, Severity.DUE_SOON, -3),
    hard=True, tried=(TriedStep(step="notice", on=date(2026, 1, 19)), TriedStep(step="two-weeks", on=date(2026, 3, 1))),
)  # fmt: skip
_ACTION = replace(
    _item(action.RULE, OwedBy.POLICE, Severity.CRITICALLY_OVERDUE, 9, subject="A-9001"),
    tried=(TriedStep(step="overdue", on=date(2026, 3, 4)), TriedStep(step="critical", on=date(2026, 3, 6))),
    promise=ItemPromise(until_on=date(2026, 3, 16), role="officer", end=None),
)
_DECISION = _item(charging_decision.RULE, OwedBy.CPS, Severity.OVERDUE, 2, subject="R-9002")
_GAP = replace(
    _item(referral_checklist.RULE, OwedBy.POLICE, Severity.OVERDUE, 1, subject="R-9002"), title="Referral checklist"
)
_LAST = LastReview(
    on=date(2026, 2, 17), held=True, quorate=True,
    decisions=(ReviewDecision.SUBMIT_TO_CPS, ReviewDecision.FURTHER_ACTIONS), assessed=None,
    enquiries=Enquiries.GAPS_FOUND, referred_on=date(2026, 3, 2), key="last",
    actions=(
        ReviewAction(ref="A-9001", owner=Agency.POLICE, status=ActionStatus.PENDING, on=date(2026, 3, 3), key="a1"),
        ReviewAction(ref="A-9005", owner=Agency.CPS, status=ActionStatus.DONE, on=date(2026, 2, 27), key="a2"),
    ),
)  # fmt: skip
FULL = AgendaCase(
    number=1, starts_at=_AT, ends_at=_AT + timedelta(minutes=10),
    told_on=DAY, reference="45/SAMPLE-0001", urn="45ZZ0000001", risk=Risk.HIGH, stage=Stage.WITH_CPS,
    urgency=Urgency.ENDING,
    because=ConveningReason.BREACH, chosen=True, review_due_on=date(2026, 3, 18), first=False, came=False, after=False,
    news=frozenset({
        _line(_GAP).key, "incidents:9", "same_suspect:45/SAMPLE-0021", "same_suspect:46/SAMPLE-0022",
        f"order|O-9003|{DAY + timedelta(days=12)}",
    }),
    gone=(GoneObligation(title="Outstanding action", subject="A-9000"),), opened_on=date(2025, 9, 1),
    reviewed_on=date(2026, 2, 17), reviewed=23, moved_on=date(2026, 3, 2), moved_by="referral submitted", moved=10,
    clocks=(_line(_LIMIT, too_late=True),),
    both=(_line(_item(joint_review.RULE, OwedBy.BOTH, Severity.DUE_SOON, -6)),),
    police=(_line(_ACTION),),
    cps=(_line(_DECISION),),
    gaps=(replace(_line(_GAP), missing=("C03", "C14")),),
    later=(_line(_item(supervisor_review.RULE, OwedBy.POLICE, Severity.NOT_DUE_YET, -20)),),
    turns=TurnDays(180, 10, 2, Agency.CPS), open_days=192,
    pattern=IncidentPattern(tuple(zip(_MONTHS, (0, 0, 0, 0, 0, 1, 0, 1, 1, 0, 2, 3), strict=True)), 9, 2, True, DAY),
    related=(
        RelatedCases(
            sign=Sign.SAME_SUSPECT,
            cases=(
                RelatedCase(case="45/SAMPLE-0021", force="Surrey"), RelatedCase(case="46/SAMPLE-0022", force="Kent"),
            ),
        ),
        RelatedCases(sign=Sign.SAME_VICTIM, cases=(RelatedCase(case="45/SAMPLE-0021", force="Surrey"),)),
    ),
    orders=(
        ProtectiveOrder(
            ref="O-9003", kind=OrderKind.INTERIM_SPO, made_on=date(2025, 9, 10), expires_on=DAY + timedelta(days=12),
            days=12, expiring=True, key=f"order|O-9003|{DAY + timedelta(days=12)}",
        ),
        ProtectiveOrder(
            ref="O-9004", kind=OrderKind.NON_MOLESTATION, made_on=date(2025, 10, 1), expires_on=None, days=None,
            expiring=False, key="order|O-9004|None",
        ),
    ),
    last=_LAST, ask=Ask.LIMIT, asked=_line(_LIMIT, too_late=True),
)  # fmt: skip
CALM = replace(
    FULL, number=3, starts_at=_AT + timedelta(minutes=20), ends_at=_AT + timedelta(minutes=30),
    reference="45/SAMPLE-0002", urn=None, risk=Risk.UNKNOWN,
    stage=Stage.INVESTIGATION, urgency=Urgency.CALM, because=ConveningReason.DUE,
    chosen=False, first=True, came=False, after=False, ask=Ask.STAGE, asked=None, news=frozenset(), gone=(),
    opened_on=DAY, reviewed_on=None, reviewed=1, moved_on=DAY,
    moved_by="case opened", moved=0, clocks=(), both=(), police=(), cps=(), gaps=(), later=(),
    turns=TurnDays(0, 0, 0, None), open_days=0,
    pattern=IncidentPattern(tuple((first, 0) for first in _MONTHS), 0, 0, None, None), related=(), orders=(), last=None,
)  # fmt: skip
HIDDEN = HiddenCase(number=2, starts_at=_AT + timedelta(minutes=10), ends_at=_AT + timedelta(minutes=20))
UNREAD = UnreadCase(number=4, starts_at=CALM.starts_at, ends_at=CALM.ends_at, reference="45/SAMPLE-0003")
AGENDA = AgendaContext(
    day=DAY, reader="spoc", asks="police", part=Part.CHAIR, note="", ref="45-south-east-2026-03-17", starts_at=_AT,
    ends_at=_AT + timedelta(minutes=30), places=("Surrey (45)", "CPS South East"), place="Room 2 or the usual link",
    chair=Role.SPOC, chair_agency=Agency.POLICE, minutes=10, settled=True, earlier_on=None, moved_from=None,
    changes=(), news=1, svg=False, cases=(FULL, HIDDEN, CALM), late=1,
)  # fmt: skip
_NOT_HELD = replace(
    _LAST, held=False, quorate=False, decisions=(ReviewDecision.NOT_REACHED,), enquiries=None, actions=()
)  # fmt: skip
MORNING = replace(
    AGENDA, day=date(2026, 3, 17), earlier_on=DAY, part=Part.SPOC, note="no CPS SPOC is recorded", asks="cps",
    chair=None, chair_agency=None, cases=(replace(FULL, last=_NOT_HELD, came=True, after=True), UNREAD),
    moved_from=date(2026, 3, 16),
    changes=(
        AgendaChange(reference="45/SAMPLE-0001", came=ConveningReason.BREACH, left=None),
        AgendaChange(reference="", came=None, left=ConveningEnd.MOVED),
        AgendaChange(reference="45/SAMPLE-0009", came=None, left=ConveningEnd.NOT_OWED),
    ),
)  # fmt: skip
SAMPLES = {
    "agenda-chair": AGENDA,
    "agenda-morning": MORNING,
    "agenda-to-print": replace(AGENDA, svg=True),
    "agenda-nothing-pressing": replace(AGENDA, cases=(CALM,), news=0, late=0),
}

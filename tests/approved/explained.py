"""Invented explanations of a case, with one of everything that an explanation may show."""

from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace as Values
from typing import Any

from config.pattern import Sign
from config.terms import EndReason, OrderKind, SuspectStatus
from models.queries.obligations.explain import ExplainedNotification, ExplainedPromise, ExplainedStep
from models.rules.obligations.ending import Ending
from models.rules.whereabouts import DefendantLine, SuspectLine
from tasks.obligations.explanation import (
    ComingStep,
    EndedObligation,
    ExplainedHold,
    ExplainedObligation,
    ExplainedOwner,
    Explanation,
    Reopening,
)
from tasks.obligations.leading_spocs import ExplainedLead
from tasks.pattern import RelatedCase, RelatedCases
from tests.worlds import samples

DAY = date(2026, 3, 16)
AT = datetime(2026, 3, 16, 5, tzinfo=UTC)
PROMISE = ExplainedPromise(
    by="P1",
    made_on=DAY,
    until_on=date(2026, 3, 20),
    renewals=0,
    type=None,
    reason="it is in hand",
    ended_on=None,
    end=None,
)
_LAPSED = PROMISE._replace(renewals=1, ended_on=DAY, end="lapsed")
_BY_A_LEAD = PROMISE._replace(by="L1", renewals=2, type="hand_over", ended_on=DAY, end="renewed")
_STEPS = (
    ExplainedStep(step="reminder", on=date(2026, 3, 2), outcome="taken", reason="", version=2),
    ExplainedStep(step="overdue", on=date(2026, 3, 6), outcome="superseded", reason="critical", version=3),
    ExplainedStep(step="critical", on=date(2026, 3, 9), outcome="taken", reason="promise lapsed", version=3),
    ExplainedStep(step="unresolved", on=DAY, outcome="silent", reason="acknowledged", version=3),
    ExplainedStep(
        step="unresolved", on=date(2027, 3, 1), outcome="void", reason="taken: undone on Mon 16 Mar 2026", version=3
    ),
)
_COMING = (
    ComingStep(step="unresolved", on=date(2026, 3, 23), to=("owner", "supervisor", "spoc"), repeated=True),
    ComingStep(step="unresolved", on=date(2026, 3, 30), to=("owner", "lead"), repeated=False),
    ComingStep(step="unresolved", on=date(2026, 4, 6), to=("lead",), repeated=False),
)
REVIEW = ExplainedObligation(
    rule="joint-review",
    title="Joint review by police and CPS",
    subject="",
    version=3,
    owed_by="both",
    owner="case",
    owners=(ExplainedOwner(contact_ref="P1", note=""),),
    due_on=date(2026, 3, 5),
    remind_on=date(2026, 2, 26),
    escalate_on=date(2026, 3, 9),
    severity="critically overdue",
    hard=False,
    stalls=True,
    duty="published",
    number="local",
    edition="2026-11",
    sum="last joint review Thu 19 Feb 2026 + 10 working days = Thu 5 Mar 2026",
    sitting="45-south-east-2026-03-17",
    sits_at=datetime(2026, 3, 17, 10, tzinfo=UTC),
    runs_from="",
    runs_from_on=DAY,
    warning="",
    moved=2,
    reopened=None,
    ends_when="it is held",
    promises=(PROMISE, _LAPSED, _BY_A_LEAD),
    steps=_STEPS,
    coming=_COMING,
)
_THREE = (
    ExplainedOwner(contact_ref="C1", note=""),
    ExplainedOwner(contact_ref="CS1", note="no prosecutor is recorded"),
    ExplainedOwner(contact_ref=None, note=""),
)
LIMIT = replace(
    REVIEW,
    rule="summary-time-limit",
    title="Six-month time limit",
    owed_by="police",
    hard=True,
    duty="law",
    number="law",
    moved=1,
    reopened=Reopening(version=1, ended_on=date(2026, 1, 19), again_on=date(2026, 2, 2)),
    runs_from="last act",
    runs_from_on=date(2025, 9, 22),
    warning="a breach may be another offence",
    sits_at=None,
    owners=_THREE,
    steps=(),
    coming=(),
    promises=(PROMISE,),
    severity="due soon",
    stalls=False,
)
_CALM = replace(LIMIT, warning="", promises=(), moved=0, subject="A-1", coming=_COMING[1:])
_LAPSED_ORDER = replace(
    _CALM,
    rule="order-expiry",
    title="End of a protective order",
    duty="court order",
    number="court order",
    runs_from="order expires",
    subject="O-1",
)
assert samples.DANGER.danger is not None, "the sample of a danger says what happened"
_DANGER = replace(
    _CALM,
    rule="danger",
    title="Signs of danger against the grade of risk",
    subject="",
    hard=False,
    duty="local",
    number="local",
    sum="danger since Mon 16 Mar 2026 + 1 working day = Tue 17 Mar 2026",
    due_on=date(2026, 3, 17),
    remind_on=DAY,
    escalate_on=date(2026, 3, 18),
    reopened=None,
    owner="supervisor",
    owners=_THREE[2:],
    ends_when=samples.DANGER.ends_when,
    danger=replace(samples.DANGER.danger, orders=(OrderKind.SPO,)),
)
_NOTED = replace(
    REVIEW,
    inherited_at=date(2026, 3, 9),
    warning="its day may be wrong",
    stalls=False,
    moved=0,
    sits_at=None,
    promises=(),
    subject="A-2",
    owner="chair",
    rule="outcome-unrecorded",
)
ENDED = EndedObligation(
    rule="joint-review",
    title="Joint review by police and CPS",
    subject="",
    version=1,
    began_on=DAY,
    due_on=DAY,
    ending=Ending(reason=EndReason.MET, ended_on=DAY, fact="it was held, and both attended", fact_on=DAY),
    promises=(_LAPSED,),
)
_LEFT = Ending(reason=EndReason.OUT_OF_SCOPE, ended_on=DAY, fact="they left", extract_on=DAY)
_GONE = replace(ENDED, rule="spoc-role", ending=_LEFT, subject="contact:P1", promises=())
SAID = ExplainedNotification(
    on=DAY,
    rule="action",
    subject="action:A1",
    version=1,
    step="overdue",
    happening="step",
    addressee="owner",
    contact_ref="P1",
    channel="email",
    state="sent",
    reason="",
)
_SAID = (
    SAID,
    SAID._replace(happening="lapsed", contact_ref=None, reason="a reason"),
    SAID._replace(happening="handed_over"),
    SAID._replace(happening="opened"),
    SAID._replace(happening="resolved", subject=""),
    SAID._replace(happening="resolved", step="corrected"),
    SAID._replace(step="an old notice"),
    SAID._replace(addressee=None, channel=None, reason="acknowledged"),
    SAID._replace(addressee=None),
    *(
        SAID._replace(state=state)
        for state in ("queued", "claimed", "sending", "shown", "unknown", "retry", "dead", "silent", "void")
    ),
)


def _sitting(**given: Any) -> Any:
    ordinary = {
        "on": DAY,
        "by": "SP1",
        "sitting": "45-1",
        "day": DAY,
        "how": "held, with police and CPS",
        "decisions": ("continue", "close"),
        "pattern": "stalking",
        "enquiries": "all_pursued",
        "stands": True,
    }
    return Values(**ordinary | given)


def _report(**given: Any) -> Any:
    ordinary = {"action": "A-1", "by": "P1", "done_on": DAY, "made_on": DAY, "source": "niche-45", "stands": True}
    return Values(**ordinary | given)


def _reply(**given: Any) -> Any:
    ordinary = {
        "on": DAY,
        "by": "P1",
        "rule": "action",
        "subject": "A1",
        "answered": "promised",
        "day": DAY,
        "state": "sent",
    }
    return Values(**ordinary | given)


def _act(**given: Any) -> Any:
    ordinary = {
        "at": AT,
        "by": "SP1",
        "door": "command",
        "through": "alice",
        "deed": "promise",
        "undoes": False,
        "done_by": "SP1",
        "rule": "action",
        "subject": "A1",
        "on": DAY,
    }
    return Values(**ordinary | given)


def _linked(case: str, *, principal: bool = False, this: bool = False) -> Any:
    return Values(case=case, principal=principal, this=this)


def _incident(ref: str, *, breach: bool = False, linked: bool = False) -> Any:
    return Values(ref=ref, occurred_on=DAY, reported_on=DAY, breach=breach, linked=linked)


_RELATED = (
    RelatedCases(
        sign=Sign.SAME_SUSPECT,
        cases=(RelatedCase(case="45/SAMPLE-0021", force="Surrey"), RelatedCase(case="46/SAMPLE-0022", force="Kent")),
    ),
    RelatedCases(sign=Sign.SAME_VICTIM, cases=(RelatedCase(case="46/SAMPLE-0022", force="Kent"),)),
)
FULL = Explanation(
    day=DAY,
    case="45/SAMPLE-0001",
    urn="45ZZ0000001",
    classification="harassment",
    risk="unknown",
    opened_on=DAY,
    cps_area="South East",
    next_hearing_on=DAY,
    finalised_on=DAY,
    withdrawn_on=DAY,
    restricted=True,
    presumed=True,
    restricted_by_link=True,
    failure="ValueError",
    holds=(
        ExplainedHold(case="45/SAMPLE-0001", reason="complaint", reference="A-12", by="SP1", since=DAY),
        ExplainedHold(case="45/3", reason="homicide-review", reference=None, by="L1", since=DAY),
    ),
    leads=(
        ExplainedLead(agency="police", contact_ref="SP1", named="case", away=True),
        ExplainedLead(agency="cps", contact_ref="CS1", named="panel", away=False),
    ),
    linked=(_linked("45/1", principal=True), _linked("45/SAMPLE-0001", this=True), _linked("45/3")),
    related=_RELATED,
    suspects=(
        SuspectLine("SU1", SuspectStatus.BAIL, DAY, DAY),
        SuspectLine("SU2", SuspectStatus.WANTED, None, None),
        SuspectLine("SU3", None, None, None),
        SuspectLine("SU4", None, None, None, DAY),
    ),
    defendants=(
        DefendantLine("DE1", True, DAY),
        DefendantLine("DE2", True, None),
        DefendantLine("DE3", False, None),
        DefendantLine("DE4", None, DAY),
    ),
    pattern=(_incident("I1", breach=True), _incident("I2", linked=True)),
    owed=(
        REVIEW,
        LIMIT,
        _CALM,
        _LAPSED_ORDER,
        _DANGER,
        _NOTED,
        replace(_NOTED, inherited_at=date(2026, 4, 1), new_on=date(2026, 4, 2)),
    ),
    nothing=(Values(rule="plea", title="Plea", subject="P-1", why="no plea is recorded", unseen=True),),
    ended=(ENDED, _GONE),
    reviewed=(
        _sitting(),
        _sitting(by=None, decisions=(), pattern=None, enquiries=None, stands=False),
        _sitting(decisions=("nfa_proposed",)),
    ),
    reported=(
        _report(),
        _report(source="casebeat"),
        _report(stands=False),
        _report(stands=False, source="casebeat"),
    ),
    replied=(_reply(), _reply(day=None, state=None, answered="refused")),
    acts=(
        _act(),
        _act(door="mail", through="", undoes=True),
        _act(deed="completion", door="form", undoes=True, by="L1"),
        _act(deed="outcome", rule="joint-review", subject="", door="slack"),
    ),
    said=_SAID,
    sources=(
        Values(source="niche-45", agency="police", extracted_at=AT, extract_id="niche-45-0302"),
        Values(source="cms", agency="cps", extracted_at=AT, extract_id=None),
    ),
    left_out=(Values(source="niche-45", file="actions.csv", sent_on=date(2026, 3, 13), left_out_on=DAY),),
)
_PRINCIPAL = (_linked("45/SAMPLE-0001", principal=True, this=True), _linked("45/2"))
OPEN = replace(
    FULL,
    leads=tuple(replace(one, contact_ref=None, named="", away=False) for one in FULL.leads),
    urn=None,
    risk="high",
    next_hearing_on=date(2026, 3, 13),
    finalised_on=None,
    withdrawn_on=None,
    restricted=False,
    restricted_by_link=False,
    failure=None,
    linked=_PRINCIPAL,
    suspects=(SuspectLine("", None, None, None),),
    defendants=(DefendantLine("", False, None),),
    owed=(replace(REVIEW, owners=_THREE[:2], severity="critically overdue", stalls=False, steps=_STEPS[:1]),),
)
EMPTY = replace(
    OPEN,
    next_hearing_on=None,
    presumed=False,
    holds=(),
    linked=(),
    related=(),
    suspects=(),
    defendants=(),
    pattern=(),
    owed=(),
    nothing=(),
    ended=(),
    reviewed=(),
    reported=(),
    replied=(),
    acts=(),
    said=(),
    sources=(),
    left_out=(),
)
ALONE = replace(
    OPEN, restricted=True, linked=(), nothing=(Values(rule="plea", title="Plea", subject="", why="none", unseen=False),)
)
CASES = {"full": FULL, "open": OPEN, "empty": EMPTY, "alone": ALONE}

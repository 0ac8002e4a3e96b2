"""Invented messages beside those of `casebeat preview`: one for each branch of a template that those do not take."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from config.message_kinds import MessageKind
from config.replies import Answered
from config.terms import Addressee, Authority, EndReason, Happening, OrderKind, OwedBy, Severity, SuspectStatus
from models.rules.obligations.ending import Ending
from models.rules.replies.written_day import Unclear
from models.rules.whereabouts import SuspectLine
from tasks.messages.contexts import (
    EnclosedMessage,
    FactsAsOf,
    ItemPromise,
    ItemSitting,
    MessageContext,
    ObligationItem,
    Ower,
    SituationCounts,
    TriedStep,
)
from tasks.messages.itemising import grouped, ordered
from tasks.messages.letter.blocks import COUNTED
from tasks.messages.letter.contexts import (
    Count,
    ForceStart,
    InheritedRule,
    InheritedWeek,
    LetterContext,
    LetterSitting,
    Movement,
    Standing,
)
from tasks.messages.post import CasePostContext
from tasks.messages.thread import CaseThreadContext
from tests.worlds.samples import (
    ACTION,
    ANSWER,
    BAIL,
    DANGER,
    DAY,
    DECISION,
    EVERYTHING,
    LIMIT,
    MEETING,
    OFFICER,
    PRESUMED,
    RESOLVED,
    REVIEW,
    ROUND,
    SHOWN,
    SPOC,
    STALLED,
    STATUS,
    URGENT,
    WEEKDAY,
)

REPLY = ANSWER.item and ANSWER.item.reply
assert REPLY is not None, "the sample of an answer has links"
OWERS = (Ower(role="officer", ref="P45of1"), Ower(role="prosecutor", ref="CSEpr1"))
assert DANGER.danger is not None, "the sample of a danger says what happened"
_UNSEEN = replace(
    DANGER.danger,
    assessed_on=None, ratified_on=None, ratified_by=None, contacted_on=None, orders=(),
    suspects=(SuspectLine("", None, None, None),),
    unseen=("assessed", "ratified", "contacted", "placed", "orders"),
)  # fmt: skip
NO_SITTING = ItemSitting(ref="", at=None, full_to=None)
FULL = ItemSitting(ref="", at=None, full_to=date(2026, 4, 21))
ORDER = replace(
    BAIL,
    rule="order-expiry",
    title="End of a protective order",
    subject="O-1",
    duty=Authority.COURT_ORDER,
    number=Authority.COURT_ORDER,
    calculated_from="order expires Sun 15 Mar 2026",
)
CUSTODY = replace(
    LIMIT,
    rule="custody-limit",
    title="Custody time limit (CTL)",
    owed_by=OwedBy.CPS,
    calculated_from="custody time limit ends Sun 22 Mar 2026",
)


def _ended(reason: EndReason, **fact: Any) -> Ending:
    return Ending(reason=reason, ended_on=DAY, **fact)


ITEMS: dict[str, ObligationItem] = {
    "limit-run-out": replace(
        LIMIT,
        severity=Severity.CRITICALLY_OVERDUE,
        due_on=DAY - timedelta(days=3),
        days=3,
        do_by=DAY - timedelta(days=3),
        working_days=-1,
    ),
    "later-act": replace(
        LIMIT,
        calculated_from="last act recorded Mon 22 Sep 2025 + 6 months = Sun 22 Mar 2026; if the incident of Tue 3 "
        "Mar 2026 belongs to the same course of conduct, the day would be Thu 3 Sep 2026",
    ),
    "custody-ahead": CUSTODY,
    "custody-run-out": replace(
        CUSTODY,
        severity=Severity.CRITICALLY_OVERDUE,
        due_on=DAY - timedelta(days=1),
        days=1,
        do_by=DAY - timedelta(days=3),
        working_days=-1,
    ),
    "order-ended": ORDER,
    "hard-by-a-force": replace(ORDER, rule="action", subject="A-1", title="Outstanding action"),
    "last-day": replace(LIMIT, due_on=DAY, days=0, since=DAY, do_by=DAY, working_days=0),
    "do-by-today": replace(LIMIT, due_on=date(2026, 3, 18), days=-2, do_by=DAY, working_days=0),
    "do-by-passed": replace(LIMIT, due_on=date(2026, 3, 17), days=-1, do_by=date(2026, 3, 13), working_days=-1),
    "one-working-day-left": replace(ACTION, due_on=date(2026, 3, 17), do_by=date(2026, 3, 17), days=-1, working_days=1),
    "no-supervisor": replace(ACTION, note="no supervisor is recorded", kind="", owers=()),
    "two-owe-it": replace(REVIEW, owers=(REVIEW.owers[0], Ower(role="prosecutor", ref="CSpr1"))),
    "nobody-recorded": replace(REVIEW, owers=(Ower(role="officer", ref=""), Ower(role="prosecutor", ref=""))),
    "officer-left": replace(
        REVIEW,
        owers=(replace(REVIEW.owers[0], unreached="left"), REVIEW.owers[1]),
        note="the officer in the case has left",
    ),
    "officer-without-address": replace(
        REVIEW,
        owers=(Ower(role="officer", ref="5120", unreached="no_address"), REVIEW.owers[1]),
        note="the officer in the case has no address here",
    ),
    "kind-without-reference": replace(ACTION, subject=""),
    "only-shown": replace(ACTION, reply=replace(REPLY, have_it="", have_it_until=None, done="", not_mine="")),
    "only-promised": replace(ACTION, reply=replace(REPLY, done="", not_mine="", show="")),
    "one-day-left": replace(
        LIMIT,
        due_on=DAY + timedelta(days=1),
        days=-1,
        do_by=DAY + timedelta(days=1),
        working_days=1,
        tried=LIMIT.tried[:1],
    ),
    "clock-not-calculated": replace(LIMIT, calculated_from="", tried=(), command=""),
    "due-today": replace(
        REVIEW,
        severity=Severity.DUE_SOON,
        due_on=DAY,
        do_by=DAY,
        working_days=0,
        days=0,
        tried=(),
        sits=NO_SITTING,
        moved=0,
    ),
    "due-tomorrow": replace(
        ACTION,
        severity=Severity.DUE_SOON,
        due_on=DAY + timedelta(days=1),
        do_by=DAY + timedelta(days=1),
        days=-1,
        working_days=1,
        promise=None,
        reply=REPLY,
    ),
    "overdue-one-day": replace(
        REVIEW,
        severity=Severity.OVERDUE,
        days=1,
        due_on=DAY - timedelta(days=1),
        do_by=DAY - timedelta(days=3),
        sits=FULL,
    ),
    "moved-often": replace(REVIEW, moved=3, calculated_from="case opened Mon 2 Mar 2026", urn=None),
    "stand-in": replace(ACTION, note="standing in for the police SPOC", promise=None, owed_by=OwedBy.BOTH),
    "no-reply-to-done": replace(DECISION, reply=replace(REPLY, done="") if REPLY else None),
    "parts-of-a-plea": replace(
        DECISION,
        rule="plea",
        title="Plea to another offence than the stalking charged",
        subject="PL1",
        parts=("the reason", "the review by the SPOC"),
        owers=(Ower(role="prosecutor", ref="CSpr1"), Ower(role="spoc", ref="CSsp1", name="Chris Sample")),
    ),
    "part-of-the-spoc": replace(
        DECISION,
        rule="plea",
        title="Plea to another offence than the stalking charged",
        subject="PL1",
        parts=("the review by the SPOC",),
        owers=(*(Ower(role="spoc", ref=ref) for ref in ("CSsp1", "CSsp2")), Ower(role="leading", ref="")),
    ),
    "no-day-to-promise": replace(ACTION, reply=replace(REPLY, have_it="", have_it_until=None) if REPLY else None),
    "neither-promise-nor-done": replace(
        DECISION, reply=replace(REPLY, have_it="", have_it_until=None, done="") if REPLY else None
    ),
    "renewed-away": replace(ACTION, promise=ItemPromise(until_on=DAY, role=None, end="moved earlier")),
    "of-no-case": replace(
        REVIEW,
        rule="spoc-role",
        title="Training of SPOCs",
        subject="contact:P45spoc1",
        risk=None,
        of_case=False,
        command="",
        owed_by=OwedBy.POLICE,
        duty=Authority.LOCAL,
        number=Authority.LOCAL,
        addressee=Addressee.LEAD,
        following=None,
        sits=None,
    ),
    "ended-met": RESOLVED,
    "ended-out-of-scope": replace(RESOLVED, rule="feed-stale", ended=_ended(EndReason.OUT_OF_SCOPE)),
    "ended-withdrawn": replace(
        RESOLVED,
        rule="action",
        ended=_ended(EndReason.WITHDRAWN, fact="the action was cancelled", fact_on=DAY),
        owed_by=OwedBy.CPS,
    ),
    "ended-once-for-all": replace(
        RESOLVED,
        rule="joint-review",
        ended=_ended(EndReason.MET, fact="it was held, and both attended", extract_on=DAY),
    ),
    "ended-finalised": replace(RESOLVED, ended=_ended(EndReason.FINALISED, fact="the case was finalised", fact_on=DAY)),
    "inherited": replace(REVIEW, inherited_at=date(2026, 3, 9)),
    "inherited-ahead": replace(REVIEW, inherited_at=DAY + timedelta(days=7)),
    "handed-over-with-reply": replace(
        DECISION, happening=Happening.HANDED_OVER, promise=None, reply=REPLY, new_on=date(2026, 3, 9)
    ),
    "opened": replace(DECISION, happening=Happening.OPENED, promise=None),
    "danger-unseen": replace(DANGER, danger=_UNSEEN),
    "danger-confirmed-by-its-source": replace(
        PRESUMED,
        reply=None,
        confirms=False,
        danger=replace(
            DANGER.danger,
            ratified_by=None,
            orders=(OrderKind.SPO, OrderKind.RESTRAINING_ORDER, OrderKind.NON_MOLESTATION),
            suspects=(
                SuspectLine("S1", SuspectStatus.BAIL, None, date(2026, 5, 10)),
                SuspectLine("S2", None, None, None, date(2026, 3, 2)),
            ),
        ),
    ),
}
_CASE = STALLED[0]
_OWED = replace(_CASE.owed[0], reply=REPLY)
_MOVES = tuple(
    Movement(what=what, on=DAY - timedelta(days=at), kind="FORENSIC_RESULT" if what == "reported" else "")
    for at, what in enumerate(("incident", "reported", "review:joint"), 1)
)
_STALLING = replace(
    PRESUMED,
    severity=Severity.CRITICALLY_OVERDUE,
    due_on=date(2026, 3, 5),
    days=11,
    do_by=date(2026, 3, 5),
    working_days=-7,
    danger=replace(DANGER.danger, raised="a breach was reported on Wed 4 Mar", raised_on=date(2026, 3, 4), ended=False),
)
STALLED = replace(
    SPOC,
    standing=Standing(
        since=date(2026, 3, 9),
        presumed=1,
        stalled=(
            replace(_CASE, days=1, owed=(_OWED, replace(_OWED, sits=None, promise=ACTION.promise))),
            replace(_CASE, moves=(), owed=(ITEMS["inherited"], ITEMS["inherited"])),
            replace(_CASE, urn=None, moves=_MOVES, owed=(replace(_OWED, news=False, sits=None),)),
            replace(
                _CASE, owed=(replace(_OWED, reply=None, sits=FULL, note="standing in for the police SPOC"),), moves=()
            ),
            replace(_CASE, reference=PRESUMED.reference, urn=None, risk=PRESUMED.risk, moves=(), owed=(_STALLING,)),
        ),
        still_open=(
            replace(REVIEW, sits=NO_SITTING, reply=REPLY, note="no prosecutor is recorded"),
            replace(ACTION, reply=REPLY, kind="NO-SUCH-CODE"),
            replace(DECISION, promise=None, happening=Happening.STEP),
        ),
    ),
    rest=(),
    reply=STATUS,
)
FIRST = replace(
    SPOC,
    standing=Standing(
        since=None, stalled=(replace(_CASE, days=0, since=DAY, moves=_MOVES * 2), replace(_CASE, moves=()))
    ),
    rest=(Count("stalled", 1),),
    listed=(),
)
_WEEKS = tuple(
    InheritedWeek(on=date(2026, 3, 2) + timedelta(days=7 * at), number=number)
    for at, number in enumerate((214, 190, 171))
)
_START = ForceStart(place="Surrey (45)", on=date(2026, 3, 2), weeks=_WEEKS)
_WHERE = ForceStart(
    place="Surrey (45)",
    on=DAY,
    weeks=(InheritedWeek(on=DAY, number=214),),
    first=True,
    risks=(("high", 40), ("medium", 100), ("standard", 74)),
    ages=((0, 20), (4, 60), (13, 100), (52, 34)),
    climbs=(("high", date(2026, 3, 23)), ("medium", date(2026, 3, 30)), ("standard", date(2026, 4, 8))),
    rules=(
        InheritedRule(
            title="Joint review by police and CPS", oldest_on=date(2024, 3, 4), risks=(("high", 40), ("standard", 74))
        ),
        InheritedRule(title="Outstanding action", oldest_on=date(2025, 12, 1), risks=(("medium", 100),)),
    ),
)
_LEAD = replace(SPOC, reader="lead")
STARTS: dict[str, tuple[ForceStart, ...]] = {
    "where-we-start": (_WHERE,),
    "since-we-started": (
        _START,
        replace(_START, weeks=(*_WEEKS[:2], replace(_WEEKS[2], number=0))),
        replace(_START, weeks=(*_WEEKS[:2], replace(_WEEKS[2], number=220))),
        replace(_START, weeks=(_WEEKS[0], replace(_WEEKS[2], number=214))),
    ),
}
_OPEN = ordered(item for item in ITEMS.values() if item.ended is None)
COUNTS = SituationCounts(
    stalled=1, passed=2, within_7_days=2, later_clocks=1, critical=1, overdue=3, soon=4, restricted=2
)
THREAD = CaseThreadContext(hidden=False, reference="45/SAMPLE-0001", urn="45ZZ0000001", items=(REVIEW, ACTION))
_TAKEN = replace(REVIEW, promise=ItemPromise(until_on=date(2026, 3, 20), role="spoc", end=None))
POST = CasePostContext(
    day=DAY, step="critical", to=(Addressee.OWNER, Addressee.SUPERVISOR, Addressee.SPOC), item=REVIEW
)
THREADS: dict[str, CaseThreadContext] = {
    "open": THREAD,
    "one": replace(THREAD, items=(replace(LIMIT, obligation_id=7),)),
    "one-run-out": replace(THREAD, items=(BAIL,), urn=None),
    "one-due": replace(THREAD, items=(replace(DECISION, promise=None),)),
    "taken-on": replace(THREAD, items=(_TAKEN, RESOLVED)),
    "taken-on-without-urn": replace(THREAD, items=(_TAKEN,), urn=None),
    "resolved": replace(THREAD, items=(RESOLVED,)),
    "resolved-without-urn": replace(THREAD, items=(RESOLVED,), urn=None),
    "cut": replace(THREAD, items=(REVIEW, ACTION, LIMIT), left_out=2),
    "danger": replace(THREAD, reference=PRESUMED.reference, urn=None, items=(PRESUMED,)),
    "hidden": replace(THREAD, hidden=True),
}
POSTS: dict[str, CasePostContext] = {
    "step": POST,
    "one-reader": replace(POST, to=(Addressee.LEAD,), item=replace(REVIEW, sits=None)),
    "two-readers-lapsed": replace(POST, to=(Addressee.OWNER, Addressee.SPOC), item=ACTION, step="overdue"),
    "ended": replace(POST, item=RESOLVED),
    "owed-by-the-supervisor": replace(
        POST, item=replace(REVIEW, rule="supervisor-review", owers=(Ower(role="supervisor", ref="P45su1"),), sits=None)
    ),
    "owed-by-the-officer": replace(
        POST, item=replace(REVIEW, rule="risk-assessment", owers=(Ower(role="officer", ref="P45of1"),), sits=None)
    ),
    "order-ended": replace(POST, step="expired", item=ORDER),
}
ANSWERS = {
    **{
        f"unclear-{one.replace(' ', '-')}": replace(
            ANSWER, answered=Answered.UNCLEAR, because=one.value, item=None, counts=SituationCounts()
        )
        for one in Unclear
    },
    "taken-back-move": replace(
        ANSWER,
        answered=Answered.TAKEN_BACK,
        on=None,
        because="The move of 45/SAMPLE-0003 to 45-south-east-2026-03-31 is taken back: it is at "
        "45-south-east-2026-03-24 again, on Tue 24 Mar 2026.",
    ),
    "taken-back-ended": replace(ANSWER, answered=Answered.TAKEN_BACK, on=None, because="", item=RESOLVED),
    "restricted-taken-back": replace(
        ANSWER, item=None, restricted=1, answered=Answered.TAKEN_BACK, on=None, because=""
    ),
    "refused-sentence": replace(ANSWER, answered=Answered.REFUSED, because="It has ended. Nothing was done."),
    "recorded": replace(
        ANSWER,
        answered=Answered.RECORDED,
        item=None,
        because="The joint review of 45/SAMPLE-0003 on Tue 17 Mar 2026 is recorded as held, with police and CPS. "
        "45/SAMPLE-0004: it is not before this meeting.",
    ),
    "refused-ask-operations": replace(
        ANSWER,
        answered=Answered.REFUSED,
        because="Ask your operations staff to record it. Nothing was done.",
        operations="casebeat@example.police.uk",
    ),
    "restricted": replace(ANSWER, item=None, restricted=1, answered=Answered.PASSED_ON),
    "restricted-refused": replace(ANSWER, item=None, restricted=1, answered=Answered.REFUSED, because=""),
    "restricted-done": replace(ANSWER, item=None, restricted=1, answered=Answered.COMPLETED, on=None),
    "restricted-confirmed": replace(ANSWER, item=None, restricted=1, answered=Answered.CONFIRMED, on=None),
    "done-of-a-review": replace(
        ANSWER, answered=Answered.COMPLETED, on=DAY, item=replace(ACTION, subject="JR-45-south-east-1")
    ),
    "done-on": replace(ANSWER, answered=Answered.COMPLETED, on=DAY, item=replace(ACTION, reply=None), reply=""),
    "promised-clock": replace(ANSWER, item=LIMIT, on=DAY),
    "promised-nothing-named": replace(ANSWER, item=None),
    "ends-when-nothing-named": replace(ANSWER, answered=Answered.ENDS_WHEN, item=None),
    **{f"item-{name}": replace(ANSWER, item=item) for name, item in ITEMS.items()},
    "standing-of-everything": replace(
        ANSWER, answered=Answered.STANDING, item=None, counts=COUNTS, groups=grouped(_OPEN, _OPEN)
    ),
    "ends-when-of-a-meeting": replace(
        ANSWER,
        answered=Answered.ENDS_WHEN,
        item=replace(
            REVIEW,
            rule="outcome-unrecorded",
            reply=replace(REPLY, record=REPLY.show.replace("show", "45/SAMPLE-0001:%20")) if REPLY else None,
        ),
    ),
    "passed-on": replace(ANSWER, answered=Answered.PASSED_ON, on=None),
    "passed-on-to-who-knew": replace(ANSWER, answered=Answered.PASSED_ON, on=None, because="known already"),
    "passed-on-to-operations": replace(ANSWER, answered=Answered.PASSED_ON, on=None, because="operations alone"),
    "shown-clock": replace(
        ANSWER,
        answered=Answered.SHOWN,
        item=replace(LIMIT, promise=None, owers=()),
        shown=replace(SHOWN, said=(), warning="an incident of Tue 3 Mar 2026 may move it"),
    ),
    "shown-review": replace(
        ANSWER,
        answered=Answered.SHOWN,
        item=replace(REVIEW, reply=REPLY),
        shown=replace(SHOWN, coming=(), leads=(replace(SHOWN.leads[0], away=False),)),
    ),
    "shown-moved-twice": replace(
        ANSWER, answered=Answered.SHOWN, item=replace(REVIEW, moved=2, owers=OWERS), shown=SHOWN
    ),
    "shown-danger": replace(
        ANSWER,
        answered=Answered.SHOWN,
        item=PRESUMED,
        shown=replace(
            SHOWN,
            sum="danger since Mon 16 Mar 2026 + 1 working day = Tue 17 Mar 2026",
            said=(TriedStep(step="raised", on=DAY),),
            coming=SHOWN.coming[:1],
        ),
    ),
    "shown-ended": replace(ANSWER, answered=Answered.SHOWN, item=RESOLVED),
    "shown-restricted": replace(ANSWER, answered=Answered.SHOWN, item=None, restricted=1),
    "standing-nothing": replace(
        ANSWER, answered=Answered.STANDING, counts=SituationCounts(), groups=(), more=0, listed=()
    ),
}
MEETINGS: tuple[LetterSitting, ...] = (
    replace(MEETING, cases=1),
    replace(
        MEETING,
        record="mailto:replies@example.police.uk?subject=Casebeat%2045-south-east-2026-03-17%20%5Bcb1.KEY%5D"
        "&body=45/SAMPLE-0001%3A%20held%2C%20continue",
    ),
    replace(MEETING, whole=False, own=1, own_at=MEETING.starts_at + timedelta(minutes=20)),
)
_ENCLOSED: dict[str, list[Any]] = {
    kind: [one.context for one in EVERYTHING.enclosed if one.kind == kind] for kind in MessageKind
}
_OF_LATE = _ENCLOSED["capacity"]
_LATE, _MORE = _OF_LATE[0], _OF_LATE[0].listed
_LACKING = (
    replace(_LATE, listed=_MORE[:1] * 2),
    replace(_LATE, listed=_MORE[1:]),
    *_OF_LATE,
    replace(_OF_LATE[2], late=1),
)
_QUIET: LetterContext = replace(OFFICER, counts=(), yours=(), sittings=(), listed=())


def _enclosing(kind: MessageKind, contexts: Iterable[MessageContext]) -> LetterContext:
    return replace(_QUIET, enclosed=tuple(EnclosedMessage(kind, context) for context in contexts))


AS_OF = (
    FactsAsOf(
        day=date(2026, 3, 10),
        places=("Surrey (45)", "Kent (46)"),
        files=("cps_cases.csv", "reviews.csv", "pleas.csv"),
    ),
    FactsAsOf(day=date(2026, 3, 13), places=("Surrey (45)",), files=("actions.csv",)),
)
LETTERS: dict[str, LetterContext] = {
    "without-what-changed-on-agendas": replace(EVERYTHING, agendas_brief=True),
    "stalled": STALLED,
    "first-standing": FIRST,
    "every-count": replace(
        OFFICER,
        counts=tuple(Count(what, at) for at, what in enumerate(COUNTED, 1) if what != "resolved"),
        rest=tuple(Count(what, at) for at, what in enumerate(reversed(COUNTED), 1)),
    ),
    "all-that-stalls-is-news": replace(SPOC, standing=Standing(since=date(2026, 3, 9), presumed=2), rest=()),
    "nothing-at-all": _QUIET,
    "one-resolved": replace(_QUIET, resolved=(RESOLVED,)),
    "still-open": replace(
        _QUIET,
        standing=Standing(
            since=date(2026, 3, 9),
            still_open=(replace(DANGER, news=False), replace(ACTION, news=False), ITEMS["of-no-case"]),
        ),
        counts=(Count("critical", 1), Count("overdue", 1), Count("soon", 1)),
    ),
    "meetings": replace(_QUIET, sittings=MEETINGS),
    "agendas": _enclosing(MessageKind.AGENDA, _ENCLOSED["agenda"]),
    "acts": _enclosing(MessageKind.ACT, _ENCLOSED["act"]),
    "lacking": _enclosing(MessageKind.CAPACITY, _LACKING),
    "to-operations": replace(OFFICER, reader="operations", asks="operations", reply="", operations=""),
    "first": replace(OFFICER, first=True),
    "first-without-replies": replace(WEEKDAY, first=True),
    "first-without-mailbox": replace(WEEKDAY, first=True, operations=""),
    "without-addressee": replace(_QUIET, reader="operations", asks="operations", unaddressed=2),
    "hidden": replace(_QUIET, restricted=2),
    "as-of": replace(OFFICER, as_of=AS_OF),
    **{name: replace(_LEAD, standing=Standing(since=None, starts=found)) for name, found in STARTS.items()},
}
_LOST = replace(URGENT, reader="operations", asks="operations", items=(), unaddressed=1, operations="")
OPERATIONS = {
    "one-line": replace(ROUND, lines=()),
    "empty-line": replace(ROUND, lines=("", "45: 2")),
}
SAMPLES: dict[str, tuple[MessageKind, Any]] = {
    **{f"item-{name}": (MessageKind.AT_ONCE, replace(URGENT, items=(item,))) for name, item in ITEMS.items()},
    "at-once-without-addressee": (MessageKind.AT_ONCE, _LOST),
    "at-once-as-of": (MessageKind.AT_ONCE, replace(URGENT, as_of=AS_OF)),
    **{f"thread-{name}": (MessageKind.THREAD, context) for name, context in THREADS.items()},
    **{f"post-{name}": (MessageKind.POST, context) for name, context in POSTS.items()},
    **{f"answered-{name}": (MessageKind.ANSWER, context) for name, context in ANSWERS.items()},
    **{f"letter-{name}": (MessageKind.LETTER, context) for name, context in LETTERS.items()},
    **{f"operations-{name}": (MessageKind.OPERATIONS, context) for name, context in OPERATIONS.items()},
}

"""Invented messages beside those of `casebeat preview`: one for each branch of a template that those do not take."""

from dataclasses import replace
from datetime import date, timedelta

from config.authority import Authority
from config.replies import Answered
from config.terms import Addressee, EndReason, Happening, MessageKind, OwedBy, Severity
from models.rules.replies.written_day import Unclear
from tasks.messages import samples
from tasks.messages.contexts import (
    CasePostContext,
    CaseThreadContext,
    ItemPromise,
    ItemSitting,
    ObligationItem,
)
from tasks.messages.kinds import MessageContext
from tasks.messages.letter.contexts import WeeklyOverview
from tasks.messages.sample_items import ACTION, BAIL, DAY, DECISION, LIMIT, RESOLVED, REVIEW
from tasks.messages.samples import ONE

REPLY = samples.ANSWER.item.reply if samples.ANSWER.item else None
STANDING_LINK = "mailto:replies@example.police.uk?subject=Casebeat%20status%20%5Bcb1.KEY%5D&body=status"
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
ITEMS: dict[str, ObligationItem] = {
    "limit-run-out": replace(LIMIT, severity=Severity.CRITICALLY_OVERDUE, due_on=DAY - timedelta(days=3), days=3),
    "later-act": replace(
        LIMIT,
        calculated_from="last act recorded Mon 22 Sep 2025 + 6 months = Sun 22 Mar 2026; if the incident of Tue 3 "
        "Mar 2026 belongs to the same course of conduct, the day would be Thu 3 Sep 2026",
    ),
    "custody-ahead": CUSTODY,
    "custody-run-out": replace(CUSTODY, severity=Severity.CRITICALLY_OVERDUE, due_on=DAY - timedelta(days=1), days=1),
    "order-ended": ORDER,
    "hard-by-a-force": replace(ORDER, rule="action", subject="A-1", title="Outstanding action"),
    "last-day": replace(LIMIT, due_on=DAY, days=0, since=DAY),
    "one-day-left": replace(LIMIT, due_on=DAY + timedelta(days=1), days=-1, tried=LIMIT.tried[:1]),
    "clock-not-calculated": replace(LIMIT, calculated_from="", tried=(), command=""),
    "due-today": replace(REVIEW, severity=Severity.DUE_SOON, due_on=DAY, days=0, tried=(), sits=NO_SITTING, moved=0),
    "due-tomorrow": replace(
        ACTION, severity=Severity.DUE_SOON, due_on=DAY + timedelta(days=1), days=-1, promise=None, reply=REPLY
    ),
    "overdue-one-day": replace(REVIEW, severity=Severity.OVERDUE, days=1, due_on=DAY - timedelta(days=1), sits=FULL),
    "moved-often": replace(REVIEW, moved=3, calculated_from="case opened Mon 2 Mar 2026", urn=None),
    "stand-in": replace(ACTION, note="standing in for the police SPOC", promise=None, owed_by=OwedBy.BOTH),
    "no-reply-to-done": replace(DECISION, reply=replace(REPLY, done="") if REPLY else None),
    "renewed-away": replace(ACTION, promise=ItemPromise(until_on=DAY, role=None, end="moved earlier")),
    "of-no-case": replace(
        REVIEW,
        rule="spoc-role",
        title="Training of SPOCs",
        subject="contact:P45spoc1",
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
    "ended-out-of-scope": replace(RESOLVED, rule="feed-stale", ended=EndReason.OUT_OF_SCOPE),
    "ended-withdrawn": replace(RESOLVED, rule="action", ended=EndReason.WITHDRAWN, owed_by=OwedBy.CPS),
    "ended-once-for-all": replace(RESOLVED, rule="joint-review", ended=EndReason.MET),
    "ended-finalised": replace(RESOLVED, ended=EndReason.FINALISED),
    "handed-over-with-reply": replace(DECISION, happening=Happening.HANDED_OVER, promise=None, reply=REPLY),
}
_SITS = (REVIEW.sits, NO_SITTING, FULL)
_WEEK = samples.SPOC.standing or WeeklyOverview()
_CASE = _WEEK.stalled[0]
_OWED = replace(_CASE.owed[0], reply=REPLY)
STALLED = replace(
    samples.SPOC,
    standing=WeeklyOverview(
        stalled=(
            replace(_CASE, days=1, owed=(_OWED, replace(_OWED, sits=None, promise=ACTION.promise, following=None))),
            replace(
                _CASE,
                new=False,
                urn=None,
                moves=(*_CASE.moves, replace(_CASE.moves[0], rule="no-progress")),
                owed=(replace(_OWED, news=False, sits=None, tried=()),),
            ),
            replace(_CASE, owed=(replace(_OWED, command="", reply=None, sits=FULL, note="standing in"),), moves=()),
        ),
        stalled_more=0,
        still_open=(
            replace(REVIEW, sits=NO_SITTING, reply=REPLY),
            replace(ACTION, reply=REPLY),
            replace(DECISION, promise=None),
        ),
        open_more=0,
    ),
    more=0,
    reply=STANDING_LINK,
)
COUNTS = replace(
    samples.SPOC.counts,
    stalled=1,
    passed=2,
    within_7_days=2,
    later_clocks=1,
    critical=1,
    overdue=3,
    soon=4,
    restricted=2,
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
    "hidden": replace(THREAD, hidden=True),
}
POSTS: dict[str, CasePostContext] = {
    "step": POST,
    "one-reader": replace(POST, to=(Addressee.LEAD,), item=replace(REVIEW, sits=None)),
    "two-readers-lapsed": replace(POST, to=(Addressee.OWNER, Addressee.SPOC), item=ACTION, step="overdue"),
    "ended": replace(POST, item=RESOLVED),
    "order-ended": replace(POST, step="expired", item=ORDER),
}
ANSWERS = {
    **{
        f"unclear-{one.replace(' ', '-')}": replace(
            samples.ANSWER, answered=Answered.UNCLEAR, because=one.value, item=None, counts=samples.NOTHING.counts
        )
        for one in Unclear
    },
    "refused-sentence": replace(samples.ANSWER, answered=Answered.REFUSED, because="It has ended. Nothing was done."),
    "restricted": replace(samples.ANSWER, item=None, restricted=1, answered=Answered.PASSED_ON),
    "restricted-refused": replace(samples.ANSWER, item=None, restricted=1, answered=Answered.REFUSED, because=""),
    "restricted-done": replace(samples.ANSWER, item=None, restricted=1, answered=Answered.COMPLETED, on=None),
    "done-of-a-review": replace(
        samples.ANSWER, answered=Answered.COMPLETED, on=DAY, item=replace(ACTION, subject="JR-45-south-east-1")
    ),
    "done-on": replace(samples.ANSWER, answered=Answered.COMPLETED, on=DAY, item=replace(ACTION, reply=None), reply=""),
    "promised-clock": replace(samples.ANSWER, item=LIMIT, on=DAY),
    "promised-nothing-named": replace(samples.ANSWER, item=None),
    "ends-when-nothing-named": replace(samples.ANSWER, answered=Answered.ENDS_WHEN, item=None),
    "standing-nothing": replace(
        samples.ANSWER, answered=Answered.STANDING, counts=samples.NOTHING.counts, groups=(), more=0, listed=()
    ),
}
DIGESTS = {
    "stalled": STALLED,
    "every-count": replace(samples.OFFICER, counts=COUNTS),
    "nothing-at-all": replace(samples.OFFICER, counts=samples.NOTHING.counts, groups=()),
    "one-resolved": replace(
        samples.OFFICER,
        counts=samples.NOTHING.counts,
        groups=tuple(replace(group, count=1) for group in samples.SPOC.groups if group.name == "resolved"),
    ),
    "to-operations": replace(samples.OFFICER, reader="operations", asks="operations", leads=False),
    "without-addressee": replace(
        samples.OFFICER,
        reader="operations",
        asks="operations",
        counts=replace(samples.NOTHING.counts, unaddressed=2),
        groups=(),
    ),
}
_LOST = replace(ONE, reader="operations", asks="operations", item=None, unaddressed=1)
OPERATIONS = {
    "one-line": replace(samples.ROUND, lines=()),
    "empty-line": replace(samples.ROUND, lines=("", "45: 2")),
}
SAMPLES: dict[str, tuple[MessageKind, MessageContext]] = {
    **{f"item-{name}": (MessageKind.AT_ONCE, replace(ONE, item=item)) for name, item in ITEMS.items()},
    "at-once-without-addressee": (MessageKind.AT_ONCE, _LOST),
    **{f"thread-{name}": (MessageKind.THREAD, context) for name, context in THREADS.items()},
    **{f"post-{name}": (MessageKind.POST, context) for name, context in POSTS.items()},
    **{f"answered-{name}": (MessageKind.ANSWER, context) for name, context in ANSWERS.items()},
    **{f"digested-{name}": (MessageKind.LETTER, context) for name, context in DIGESTS.items()},
    **{f"operations-{name}": (MessageKind.OPERATIONS, context) for name, context in OPERATIONS.items()},
}

"""Recording of a case's outcome at a sitting, as a person reports it, with its consequences in one transaction."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.doors import ActKind
from config.sittings import Pattern, ReviewDecision
from config.terms import Verb
from models.errors import Refuse
from models.queries import audit
from models.queries.audit import AuditEntry
from models.queries.intake import sources
from models.queries.obligations import worklist
from models.queries.people.acts import Done
from models.queries.reviews import recorded_outcomes, undone_outcomes
from models.queries.reviews.recorded_outcomes import AddedAction, NewOutcome, ReviewableCase
from models.rules.arithmetic import format_day
from models.rules.people.act import Act
from models.rules.people.directory import Directory
from models.rules.references import SittingCaseReference
from models.rules.refusal import Refusal
from models.rules.reviews.record_review import REFERRAL, ReviewOutcome, ReviewReport, decide
from tasks.obligations.acting import ActInHand, check_may
from tasks.obligations.unknown_case import known_case
from tasks.platform.configuration import Configuration
from tasks.reviews.failed_reviews import notify_leads
from tasks.servers.database import transaction


class ReviewResult(NamedTuple):
    """The recorded outcome and the actions that it raised.

    `new` is false if it was recorded before; `counts` is false if it is new and the review was not quorate.
    """

    named: SittingCaseReference
    day: date
    came: ReviewOutcome
    actions: tuple[str, ...]
    new: bool
    counts: bool = True

    @property
    def sentence(self) -> str:
        """The result, for the person who reported it."""
        about = f"The joint review of {self.named.case} on {format_day(self.day)} is recorded as {self.came.how}"
        if not self.new:
            return f"{about} already. Nothing was changed."
        counts = "" if self.counts else " It does not count: the review is still owed."
        raised = f" Raised: {', '.join(self.actions)}." if self.actions else ""
        return f"{about}.{counts}{raised}"


def record_review(
    configuration: Configuration, named: SittingCaseReference, report: ReviewReport, act: Act, today: date, at: datetime
) -> ReviewResult:
    """Record a case's outcome at a sitting. The same report again changes nothing; a different one replaces it.

    One transaction writes the review, its actions, the day of a rationale, the end of the convening and the
    notifications to leads. Raises Refuse, before writing, with every reason against it.
    """
    with transaction() as connection:
        return record_in_hand(ActInHand(configuration, connection, act, today, at), named, report)


def record_in_hand(hand: ActInHand, named: SittingCaseReference, report: ReviewReport) -> ReviewResult:
    """Record a case's outcome as `record_review` does, in the caller's transaction."""
    case, people = case_at(hand, named)
    decided = decide(report, case.standing, case.matter, people, hand.today)
    if isinstance(decided, Refusal):
        raise Refuse(decided.sentences())
    counts = not decided.new or _write(hand, named, case, decided.outcome)
    review_ref = recorded_outcomes.prefix(named.sitting_ref, named.case.case_ref)
    raised = recorded_outcomes.actions(hand.connection, review_ref)
    refs = tuple(action.ref for action in raised if not action.withdrawn)
    return ReviewResult(named, case.standing.day, decided.outcome, refs, decided.new, counts)


def case_at(hand: ActInHand, named: SittingCaseReference) -> tuple[ReviewableCase, Directory]:
    """Return a case at a sitting, locked until commit, with everyone of the day.

    Raises Refuse if it was not convened to it; its sittings are named to who may record their outcomes.
    """
    configuration, connection, act, today, _ = hand
    known = known_case(configuration, connection, ActKind.OUTCOME, named.case, act, today)
    case = recorded_outcomes.find(connection, named.sitting_ref, *named.case)
    if case is not None:
        return case, known.people
    check_may(ActKind.OUTCOME, known.matter, act.by, known.people, today)
    sittings = recorded_outcomes.sittings_of(connection, *named.case)
    has = f"It was convened to {', '.join(sittings)}." if sittings else "It was convened to no sitting."
    raise Refuse(f"{named.case} is not before the sitting {named.sitting_ref}. {has} Nothing was done.")


def _write(hand: ActInHand, named: SittingCaseReference, case: ReviewableCase, came: ReviewOutcome) -> bool:
    """Write an outcome and all that follows from it, and return whether it is quorate."""
    standing, review_ref = case.standing, recorded_outcomes.prefix(named.sitting_ref, named.case.case_ref)
    configuration, connection, act, today, at = hand
    own = sources.own(connection, at)
    counted = standing.sourced.review_ref if standing.sourced else review_ref if came.held else None
    made, quorate = recorded_outcomes.write(connection, NewOutcome(case.convening_id, came, act.by, counted, today, at))
    follow(connection, case, came, review_ref, own, today, here=counted == review_ref)
    undone_outcomes.keep_actions(connection, made, _act(hand, case, came, review_ref, own))
    hand.keep(Done(ActKind.OUTCOME, made, case.case_id))
    audit.record(connection, _entry(named, came, act, made))
    notify_leads(configuration, connection, [case.case_id], today, at)
    return quorate


def follow(
    connection: Connection,
    case: ReviewableCase,
    came: ReviewOutcome | None,
    review_ref: str,
    own: int,
    today: date,
    *,
    here: bool,
) -> None:
    """Write what follows from the outcome that counts now; None where there is none. The case is projected again.

    `here` is set if the review's row is our own, and not a source's.
    """
    if came is not None and here:
        recorded_outcomes.write_review(connection, review_ref, own, case.case_id, case.standing.day, came)
    else:
        recorded_outcomes.withdraw_review(connection, review_ref, own, today)
    harassment = came is not None and came.pattern is Pattern.HARASSMENT_WITH_RATIONALE
    recorded_outcomes.assess(connection, case.case_id, case.standing.day, harassment=harassment)
    worklist.mark_changed(connection, [case.case_id])


def _act(hand: ActInHand, case: ReviewableCase, came: ReviewOutcome, review_ref: str, own: int) -> list[str]:
    """Add the actions that the review newly asks for, withdraw those it no longer asks for, and keep the others.

    Returns the references of all that it asks for.
    """
    connection = hand.connection
    before = recorded_outcomes.actions(connection, review_ref)
    live = {(action.kind, action.owner_ref, action.due_on): action.ref for action in before if not action.withdrawn}
    wanted = list(_asked(hand.configuration, came, case.standing.day))
    gone = [ref for action, ref in live.items() if action not in wanted]
    number = max((int(action.ref.rpartition("-")[2]) for action in before), default=0)
    new = [action for action in wanted if action not in live]
    added = [
        AddedAction(f"{review_ref}-{number + n}", kind, owner_ref, due_on)
        for n, (kind, owner_ref, due_on) in enumerate(new, start=1)
    ]
    recorded_outcomes.withdraw_actions(connection, gone, hand.today)
    recorded_outcomes.add_actions(connection, added, own, case.case_id, case.standing.day)
    return [*(ref for action, ref in live.items() if action in wanted), *(action.ref for action in added)]


def _asked(configuration: Configuration, came: ReviewOutcome, day: date) -> Iterator[tuple[str, str | None, date]]:
    for action in sorted(came.actions, key=lambda asked: (asked.due_on, asked.kind, asked.owner_ref)):
        yield action.kind, action.owner_ref, action.due_on
    if ReviewDecision.SUBMIT_TO_CPS in came.decisions:
        yield REFERRAL, None, configuration.calendar.plus(day, configuration.policy.joint_reviews.refer_within)


def _entry(named: SittingCaseReference, came: ReviewOutcome, act: Act, made: int) -> AuditEntry:
    return AuditEntry(
        verb=Verb.ALTERATION, by=act.by, about="outcome",
        ref=f"{named.sitting_ref}/{named.case.case_ref}:{made}",
        reason="record-review",
        detail={
            "held": came.held, "police": came.police_attended, "cps": came.cps_attended,
            "decisions": sorted(came.decisions), "pattern": came.pattern, "enquiries": came.enquiries,
            "actions": len(came.actions), **act.trail,
        },
    )  # fmt: skip

"""Taking back of an outcome that a person recorded: what it replaced counts again, or its sitting is unrecorded."""

from datetime import date, datetime
from typing import NamedTuple

from config.doors import ActKind
from config.terms import Verb
from models.errors import Refuse
from models.queries import audit
from models.queries.audit import AuditEntry
from models.queries.intake import sources
from models.queries.obligations import reopened
from models.queries.obligations.reopened import GoneFact
from models.queries.people import acts
from models.queries.people.acts import Done
from models.queries.reviews import recorded_outcomes, undone_outcomes
from models.queries.reviews.recorded_outcomes import ReviewableCase
from models.queries.reviews.undone_outcomes import RecordedOutcome
from models.rules.arithmetic import format_day
from models.rules.people.act import Act
from models.rules.references import SittingCaseReference
from tasks.obligations.acting import ActInHand, check_may
from tasks.platform.configuration import Configuration
from tasks.reviews.failed_reviews import notify_leads
from tasks.reviews.record_review import case_at, follow
from tasks.servers.database import transaction


class UndoneReview(NamedTuple):
    """The outcome that was taken back, and the one that counts again; `new` is false if that was done before."""

    named: SittingCaseReference
    day: date
    gone: RecordedOutcome
    again: RecordedOutcome | None
    new: bool

    @property
    def sentence(self) -> str:
        """The result, for the person who asked."""
        about = f"The joint review of {self.named.case} on {format_day(self.day)}"
        how = f"what {self.gone.by_ref} recorded of it ({self.gone.came.how}) is taken back"
        if not self.new:
            return f"{about}: {how} already. Nothing was changed."
        if self.again is None:
            return f"{about}: {how}. Nothing is recorded of it now, and its outcome is owed."
        who = self.again.by_ref or "an extract"
        recorded = f"What {who} recorded on {format_day(self.again.recorded_on)} counts again"
        return f"{about}: {how}. {recorded}: {self.again.came.how}."


def undo_review(
    configuration: Configuration, named: SittingCaseReference, act: Act, today: date, at: datetime
) -> UndoneReview:
    """Take back the outcome that a person recorded last. Repeating it changes nothing.

    Raises Refuse, before writing, with every reason against it.
    """
    with transaction() as connection:
        return take_back(ActInHand(configuration, connection, act, today, at), named)


def take_back(hand: ActInHand, named: SittingCaseReference, only: int | None = None) -> UndoneReview:
    """Do so in the caller's transaction; of the outcome `only`, where that is still the last."""
    connection, act, today = hand.connection, hand.act, hand.today
    case, people = case_at(hand, named)
    gone = undone_outcomes.last_touched(connection, case.convening_id)
    done_by, chair_ref = gone.by_ref if gone else None, case.standing.chair_ref
    check_may(ActKind.OUTCOME, case.matter, act.by, people, today, chair_ref=chair_ref, done_by=done_by)
    if gone is None:
        raise Refuse(f"Nobody has recorded here what came of {named.case} on that day. Nothing was done.")
    if only is not None and gone.id != only:
        again = " after it was taken back" if acts.taken_back(connection, ActKind.OUTCOME, only) else ""
        raise Refuse(f"Another outcome was recorded since{again}, and counts. Nothing was done.")
    new = not gone.taken_back
    before = undone_outcomes.outcome_before(connection, case.convening_id, gone.id)
    review = UndoneReview(named, case.standing.day, gone, before, new)
    if new:
        _check_unchanged(gone)
        _write(hand, case, review)
    return review


def _check_unchanged(gone: RecordedOutcome) -> None:
    if not gone.stands:
        raise Refuse(
            f"What {gone.by_ref} recorded counts no more: a source itself has recorded the joint review since, or has "
            "withdrawn it. If that is wrong, have it corrected there: the next extract brings it. Nothing was done."
        )


def _write(hand: ActInHand, case: ReviewableCase, review: UndoneReview) -> None:
    configuration, connection, act, today, at = hand
    named, gone, before = review.named, review.gone, review.again
    review_ref, own = recorded_outcomes.prefix(named.sitting_ref, named.case.case_ref), sources.own(connection, at)
    undone_outcomes.take_back(connection, case.convening_id, gone.id, before)
    asked = before.action_refs if before else ()
    live = (action.ref for action in recorded_outcomes.actions(connection, review_ref) if not action.withdrawn)
    recorded_outcomes.withdraw_actions(connection, [ref for ref in live if ref not in asked], today)
    undone_outcomes.restore_actions(connection, asked)
    here = before is not None and before.review_ref == review_ref
    follow(connection, case, before.came if before else None, review_ref, own, today, here=here)
    reopened.reopen(connection, GoneFact(case.case_id, review.day, gone.recorded_on), today)
    hand.keep(Done(ActKind.OUTCOME, gone.id, case.case_id, undoes=True), of=gone.by_ref or "")
    audit.record(connection, AuditEntry(
        verb=Verb.ALTERATION, by=act.by, about="outcome",
        ref=f"{named.sitting_ref}/{named.case.case_ref}:{gone.id}", reason="record-review undone",
        detail={"recorded_by": gone.by_ref, "counts": before.id if before else None, **act.trail},
    ))  # fmt: skip
    notify_leads(configuration, connection, [case.case_id], today, at)

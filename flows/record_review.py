"""The deployments `record-review` and `undo-review`: forms for people."""

from flows.forms.answering import FormAnswer, begin, form, then
from flows.forms.fields import Actions, Attended, By, CaseField, Decisions, EnquiriesFound, PatternFound, Sitting
from flows.forms.links import FormLink
from models.rules.references import SittingCaseReference
from models.rules.reviews.record_review import NewAction, ReviewReport
from tasks.reviews import record_review as duty
from tasks.reviews import undo_review as undoing


@form("record-review")
def record_review(
    sitting: Sitting,
    case: CaseField,
    by: By,
    held: Attended,
    decisions: Decisions = (),
    actions: Actions = (),
    pattern: PatternFound = None,
    enquiries: EnquiriesFound = None,
) -> FormAnswer:
    """Record the outcome of a case at its sitting. It applies until corrected, or until a source sends the review.

    If it is Refused: the answer says why nothing was recorded, and who may report it. If it is red: the answer names
    the fault. You may send the same report again; it is recorded once. A different report replaces it.
    """
    begun = begin(case, by, f"casebeat record-review {sitting} {case} --by {by}")
    asked = frozenset(NewAction(action.kind, action.owner, action.due_on) for action in actions)
    decided = frozenset(decisions)
    report = ReviewReport(by, held.held, held.police, held.cps, decided, pattern, asked, enquiries)
    result = begun.do("record a review", duty.record_review, SittingCaseReference(sitting, begun.case), report)
    undo = FormLink("Take it back", "undo-review", {"sitting": sitting, "case": case, "by": by})
    return then(result.sentence, begun.convene, undo)


@form("undo-review")
def undo_review(sitting: Sitting, case: CaseField, by: By) -> FormAnswer:
    """Take back the outcome that a person recorded last. What it had replaced counts again, or its outcome is owed.

    If it is Refused: the answer says why nothing was taken back, and who may do it. If it is red: the answer names the
    fault. Sending the same request twice changes nothing.
    """
    begun = begin(case, by, f"casebeat record-review {sitting} {case} --by {by} --undo")
    review = begun.do("undo", undoing.undo_review, SittingCaseReference(sitting, begun.case))
    return then(review.sentence, begun.convene)

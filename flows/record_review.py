"""The deployment `record-review`: a form for people."""

from config.days.london import london_day
from flows import round_steps
from flows.clock import working_moment
from flows.configured import configured
from flows.forms.answering import FormAnswer, act_of, form, step, then
from flows.forms.fields import Actions, Attended, By, CaseField, Decisions, EnquiriesFound, PatternFound, Sitting
from flows.forms.links import FormLink
from flows.references import case_reference
from models.rules.references import SittingCaseReference
from models.rules.reviews.record_review import NewAction, ReviewReport
from tasks.reviews import record_review as duty


@form("record-review", run_name="record-review {sitting} {case}")
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
    configuration = configured()
    act = act_of(by, f"casebeat record-review {sitting} {case} --by {by}")
    named = case_reference(case)
    at = step("the moment", working_moment, None, named.force_code)
    today = london_day(at)
    asked = frozenset(NewAction(one.kind, one.owner, one.due_on) for one in actions)
    found = frozenset(decisions)
    report = ReviewReport(by, held.held, held.police, held.cps, found, pattern, asked, enquiries)
    about = SittingCaseReference(sitting, named)
    made = step("record a review", duty.record_review, configuration, about, report, act, today, at)
    undo = FormLink("Take it back", "undo-review", {"sitting": sitting, "case": case, "by": by})
    return then(
        made.sentence, round_steps.joint_reviews_now, configuration, named.force_code, today, at, step, undo=(undo,)
    )

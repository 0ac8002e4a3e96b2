"""The deployment `undo-review`: a form for people."""

from config.days.london import london_day
from flows import round_steps
from flows.clock import working_moment
from flows.configured import configured
from flows.forms.answering import FormAnswer, act_of, form, step, then
from flows.forms.fields import By, CaseField, Sitting
from flows.references import case_reference
from models.rules.references import SittingCaseReference
from tasks.reviews import undo_review as duty


@form("undo-review", run_name="undo-review {sitting} {case}")
def undo_review(sitting: Sitting, case: CaseField, by: By) -> FormAnswer:
    """Take back the outcome that a person recorded last. What it had replaced counts again, or its outcome is owed.

    If it is Refused: the answer says why nothing was taken back, and who may do it. If it is red: the answer names the
    fault. Sending the same request twice changes nothing.
    """
    configuration = configured()
    act = act_of(by, f"casebeat record-review {sitting} {case} --by {by} --undo")
    named = case_reference(case)
    at = step("the moment", working_moment, None, named.force_code)
    today = london_day(at)
    review = step("undo", duty.undo_review, configuration, SittingCaseReference(sitting, named), act, today, at)
    return then(review.sentence, round_steps.joint_reviews_now, configuration, named.force_code, today, at, step)

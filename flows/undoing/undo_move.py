"""The deployment `undo-move`: a form for people."""

from config.days.london import london_day
from flows import round_steps
from flows.clock import working_moment
from flows.configured import configured
from flows.forms.answering import FormAnswer, act_of, form, step, then
from flows.forms.fields import By, CaseField
from flows.references import case_reference
from tasks.reviews import move_back as duty


@form("undo-move", run_name="undo-move {case}")
def undo_move(case: CaseField, by: By) -> FormAnswer:
    """Take back the last move of a case. It sits where it sat before or, where it cannot, may be moved as any other.

    If it is Refused: the answer says why nothing was taken back, and who may do it. If it is red: the answer names the
    fault. Sending the same request twice changes nothing.
    """
    configuration = configured()
    act = act_of(by, f"casebeat convene {case} --by {by} --undo")
    named = case_reference(case)
    at = step("the moment", working_moment, None, named.force_code)
    today = london_day(at)
    result = step("undo", duty.undo_move, configuration, named, act, today, at)
    return then(result.sentence, round_steps.joint_reviews_now, configuration, named.force_code, today, at, step)

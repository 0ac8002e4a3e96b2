"""The deployment `undo-completion`: a form for people."""

from config.days.london import london_day
from flows.clock import working_moment
from flows.configured import configured
from flows.forms.answering import FormAnswer, act_of, form, step, then
from flows.forms.fields import ActionRef, By, CaseField
from flows.references import case_reference
from flows.refresh import refresh
from models.rules.references import ActionReference
from tasks.obligations import complete_action as duty


@form("undo-completion", run_name="undo-completion {action} {case}")
def undo_completion(case: CaseField, action: ActionRef, by: By) -> FormAnswer:
    """Take back a report that an action was done. It is owed as before.

    If it is Refused: the answer says why nothing was taken back, and who may do it. If it is red: the answer names the
    fault. Sending the same request twice changes nothing.
    """
    configuration = configured()
    act = act_of(by, f"casebeat complete-action {case} {action} --by {by} --undo")
    reference = case_reference(case)
    at = step("the moment", working_moment, None, reference.force_code)
    today = london_day(at)
    completion = step("undo", duty.undo, configuration, ActionReference(reference, action), act, today, at)
    return then(
        completion.sentence, step, "project what changed", refresh, configuration, today, at, completion.force_code
    )

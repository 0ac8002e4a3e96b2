"""The deployment `undo-completion`: a form for people."""

from prefect import flow

from config.london import london_day
from flows.clock import working_moment
from flows.forms.answering import FormAnswer, act_of, answered, step, then
from flows.forms.fields import ActionRef, By, CaseField
from flows.publishing import refreshes_status
from flows.references import case_reference
from flows.refresh import refresh
from models.rules.references import ActionReference
from tasks.obligations import complete_action as duty


@refreshes_status
@flow(
    name="undo-completion",
    flow_run_name="undo-completion {action} {case}",
    timeout_seconds=600,
    persist_result=False,
    log_prints=False,
    validate_parameters=False,
)
@answered
def undo_completion(case: CaseField, action: ActionRef, by: By) -> FormAnswer:
    """Take back a report that an action was done. It is owed as before.

    If it is Refused: the answer says why nothing was taken back, and who may do it. If it is red: the answer names the
    fault. Sending the same request twice changes nothing.
    """
    act = act_of(by, f"casebeat complete-action {case} {action} --by {by} --undo")
    reference = case_reference(case)
    at = step("the moment", working_moment, None, reference.force_code)
    today = london_day(at)
    made = step("undo", duty.undo, ActionReference(reference, action), act, today, at)
    return then(made.sentence, step, "project what changed", refresh, today, at, made.force_code)

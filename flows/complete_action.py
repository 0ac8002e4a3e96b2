"""The deployment `complete-action`: a form for people."""

from config.days.london import london_day
from flows.clock import working_moment
from flows.configured import configured
from flows.forms.answering import FormAnswer, act_of, form, step, then
from flows.forms.fields import ActionRef, By, CaseField, DoneOn
from flows.forms.links import FormLink
from flows.references import case_reference
from flows.refresh import refresh
from models.rules.obligations.completion import CompletionReport
from models.rules.references import ActionReference
from tasks.obligations import complete_action as duty


@form("complete-action", run_name="complete-action {action} {case}")
def complete_action(case: CaseField, action: ActionRef, by: By, done_on: DoneOn = None) -> FormAnswer:
    """Report that an action was done. It ends at once, and the report applies until its source's row changes.

    If it is Refused: the answer says why nothing was recorded, and who may report it. If it is red: the answer names
    the fault. You may send the same report again; it is recorded once.
    """
    configuration = configured()
    on = f" --on {done_on}" if done_on else ""
    act = act_of(by, f"casebeat complete-action {case} {action} --by {by}{on}")
    reference = case_reference(case)
    at = step("the moment", working_moment, None, reference.force_code)
    today = london_day(at)
    named, report = ActionReference(reference, action), CompletionReport(by, done_on)
    result = step("complete an action", duty.complete_action, configuration, named, report, act, today, at)
    undo = FormLink("Take it back", "undo-completion", {"case": case, "action": action, "by": by})
    return then(
        result.sentence,
        step,
        "project what changed",
        refresh,
        configuration,
        today,
        at,
        result.force_code,
        undo=(undo,),
    )

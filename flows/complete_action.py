"""The deployments `complete-action` and `undo-completion`: forms for people."""

from flows.forms.answering import FormAnswer, begin, form, then
from flows.forms.fields import ActionRef, By, CaseField, DoneOn
from flows.forms.links import FormLink
from models.rules.obligations.completion import CompletionReport
from models.rules.references import ActionReference
from tasks.obligations import complete_action as duty


@form("complete-action")
def complete_action(case: CaseField, action: ActionRef, by: By, done_on: DoneOn = None) -> FormAnswer:
    """Report that an action was done. It ends at once, and the report applies until its source's row changes.

    If it is Refused: the answer says why nothing was recorded, and who may report it. If it is red: the answer names
    the fault. You may send the same report again; it is recorded once.
    """
    on = f" --on {done_on}" if done_on else ""
    begun = begin(case, by, f"casebeat complete-action {case} {action} --by {by}{on}")
    named, report = ActionReference(begun.case, action), CompletionReport(by, done_on)
    result = begun.do("complete an action", duty.complete_action, named, report)
    undo = FormLink("Take it back", "undo-completion", {"case": case, "action": action, "by": by})
    return then(result.sentence, begun.project, undo)


@form("undo-completion")
def undo_completion(case: CaseField, action: ActionRef, by: By) -> FormAnswer:
    """Take back a report that an action was done. It is owed as before.

    If it is Refused: the answer says why nothing was taken back, and who may do it. If it is red: the answer names the
    fault. Sending the same request twice changes nothing.
    """
    begun = begin(case, by, f"casebeat complete-action {case} {action} --by {by} --undo")
    completion = begun.do("undo", duty.undo, ActionReference(begun.case, action))
    return then(completion.sentence, begun.project)

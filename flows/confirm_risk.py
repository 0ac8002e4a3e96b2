"""The deployments `confirm-risk` and `undo-confirmation`: forms for people."""

from flows.forms.answering import FormAnswer, begin, form, then
from flows.forms.fields import By, CaseField
from flows.forms.links import FormLink
from tasks.obligations import confirm_risk as duty


@form("confirm-risk")
def confirm_risk(case: CaseField, by: By) -> FormAnswer:
    """Confirm that the grade of a case's risk is right today. Its danger is then quiet until something new happens.

    If it is Refused: the answer says why nothing was recorded, and who may confirm it. If it is red: the answer names
    the fault. You may send the same form again; it is recorded once.
    """
    begun = begin(case, by, f"casebeat confirm-risk {case} --by {by}")
    result = begun.do("confirm a grade", duty.confirm_risk, begun.case)
    return then(result.sentence, begun.project, FormLink("Take it back", "undo-confirmation", {"case": case, "by": by}))


@form("undo-confirmation")
def undo_confirmation(case: CaseField, by: By) -> FormAnswer:
    """Take back that the grade of a case's risk was confirmed. Its danger comes up again as before.

    If it is Refused: the answer says why nothing was taken back, and who may do it. If it is red: the answer names the
    fault. Sending the same request twice changes nothing.
    """
    begun = begin(case, by, f"casebeat confirm-risk {case} --by {by} --undo")
    result = begun.do("undo", duty.undo, begun.case)
    return then(result.sentence, begun.project)

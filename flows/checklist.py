"""The deployment `checklist`: a form for people."""

from flows.forms.answering import FormAnswer, begin, form, step
from flows.forms.fields import By, CaseField, ItemsThere
from tasks.obligations import ticked_checklist as duty


@form("checklist")
def checklist(case: CaseField, by: By, there: ItemsThere = ()) -> FormAnswer:
    """Show what a referral still lacks, the victim's safety first, and whom to ask. Nothing is recorded.

    If it is Refused: the answer says why, and who may ask. If it is red: the answer names the fault. Send it as often
    as you like.
    """
    configuration, act, named, today, _, _ = begin(case, by, f"casebeat checklist {case}")
    ticked_checklist = step("look", duty.look, configuration, named, duty.codes(there), act, today)
    return FormAnswer(ticked_checklist.sentence, more=ticked_checklist.page)

"""The deployment `checklist`: a form for people."""

from config.days.london import london_day
from flows.clock import working_moment
from flows.configured import configured
from flows.forms.answering import FormAnswer, act_of, form, step
from flows.forms.fields import By, CaseField, ItemsThere
from flows.references import case_reference
from tasks.obligations import ticked_checklist as duty


@form("checklist", run_name="checklist {case}")
def checklist(case: CaseField, by: By, there: ItemsThere = ()) -> FormAnswer:
    """Show what a referral still lacks, the victim's safety first, and whom to ask. Nothing is recorded.

    If it is Refused: the answer says why, and who may ask. If it is red: the answer names the fault. Send it as often
    as you like.
    """
    configuration = configured()
    act = act_of(by, f"casebeat checklist {case}")
    named = case_reference(case)
    today = london_day(step("the moment", working_moment, None, named.force_code))
    ticked_checklist = step("look", duty.look, configuration, named, duty.codes(there), act, today)
    return FormAnswer(ticked_checklist.sentence, more=ticked_checklist.page)

"""The deployment `withdraw-acknowledgement`: a form for people."""

from config.days.london import london_day
from flows.clock import working_moment
from flows.configured import configured
from flows.forms.answering import FormAnswer, act_of, form, step
from flows.forms.fields import By, CaseField, Owed, Subject
from flows.references import case_reference
from flows.refresh import refresh
from models.rules.references import ObligationReference
from tasks.obligations import acknowledge as duty


@form("withdraw-acknowledgement", run_name="withdraw-acknowledgement {owed} {case}")
def withdraw_acknowledgement(case: CaseField, owed: Owed, by: By, subject: Subject = None) -> FormAnswer:
    """Take back a promise about an obligation. Its steps go on.

    If it is Refused: the answer says why nothing was taken back, and who may do it. If it is red: the answer names the
    fault. Sending the same request twice changes nothing.
    """
    configuration = configured()
    act = act_of(by, f"casebeat acknowledge {case} {owed} --by {by} --withdraw")
    reference = case_reference(case)
    at = step("the moment", working_moment, None, reference.force_code)
    today = london_day(at)
    step("project what changed", refresh, configuration, today, at, reference.force_code)
    result = step(
        "withdraw", duty.withdraw, configuration, ObligationReference(reference, owed, subject), act, today, at
    )
    return FormAnswer(result.sentence)

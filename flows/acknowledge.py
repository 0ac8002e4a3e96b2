"""The deployment `acknowledge`: a form for people."""

from config.days.london import london_day
from flows.clock import working_moment
from flows.configured import configured
from flows.forms.answering import FormAnswer, act_of, form, step
from flows.forms.fields import By, CaseField, LongerReason, Owed, Subject, Until
from flows.forms.links import FormLink
from flows.references import case_reference
from flows.refresh import refresh
from models.rules.arithmetic import format_day
from models.rules.obligations.acknowledgement import AcknowledgementRequest
from models.rules.references import ObligationReference
from tasks.obligations import acknowledge as duty

REASON = "promised by the form, which takes no words"  # parameters hold no free text


@form("acknowledge", run_name="acknowledge {owed} {case}")
def acknowledge(
    case: CaseField, owed: Owed, until: Until, by: By, subject: Subject = None, kind: LongerReason = None
) -> FormAnswer:
    """Take on an obligation until a day. No further step is taken until then; its due day does not move.

    If it is Refused: the answer says why nothing was promised, and who may allow it. If it is red: the answer names
    the fault. To give a reason in your own text, use `casebeat acknowledge`.
    """
    configuration = configured()
    act = act_of(by, f"casebeat acknowledge {case} {owed} --by {by} --until {until} --reason TEXT")
    reference = case_reference(case)
    at = step("the moment", working_moment, None, reference.force_code)
    today = london_day(at)
    step("project what changed", refresh, configuration, today, at, reference.force_code)
    asked = ObligationReference(reference, owed, subject)
    request = AcknowledgementRequest(by, until, kind)
    result = step("acknowledge", duty.acknowledge, configuration, asked, request, act, REASON, today, at, retries=0)
    undo = FormLink("Take it back", "withdraw-acknowledgement", {"case": case, "owed": owed, "by": by})
    return FormAnswer(f"Taken on until {format_day(until)}; due on {format_day(result.due_on)}.", undo=(undo,))

"""The deployments `acknowledge` and `withdraw-acknowledgement`: forms for people."""

from flows.forms.answering import FormAnswer, begin, form, step
from flows.forms.fields import By, CaseField, LongerReason, Owed, Subject, Until
from flows.forms.links import FormLink
from models.rules.arithmetic import format_day
from models.rules.obligations.acknowledgement import AcknowledgementRequest
from models.rules.references import ObligationReference
from tasks.obligations import acknowledge as duty

REASON = "promised by the form, which takes no words"  # parameters hold no free text


@form("acknowledge")
def acknowledge(
    case: CaseField, owed: Owed, until: Until, by: By, subject: Subject = None, kind: LongerReason = None
) -> FormAnswer:
    """Take on an obligation until a day. No further step is taken until then; its due day does not move.

    If it is Refused: the answer says why nothing was promised, and who may allow it. If it is red: the answer names
    the fault. To give a reason in your own text, use `casebeat acknowledge`.
    """
    begun = begin(case, by, f"casebeat acknowledge {case} {owed} --by {by} --until {until} --reason TEXT")
    begun.project()
    configuration, act, reference, today, at, _ = begun
    asked = ObligationReference(reference, owed, subject)
    request = AcknowledgementRequest(by, until, kind)
    result = step("acknowledge", duty.acknowledge, configuration, asked, request, act, REASON, today, at, retries=0)
    undo = FormLink("Take it back", "withdraw-acknowledgement", {"case": case, "owed": owed, "by": by})
    return FormAnswer(f"Taken on until {format_day(until)}; due on {format_day(result.due_on)}.", undo=(undo,))


@form("withdraw-acknowledgement")
def withdraw_acknowledgement(case: CaseField, owed: Owed, by: By, subject: Subject = None) -> FormAnswer:
    """Take back a promise about an obligation. Its steps go on.

    If it is Refused: the answer says why nothing was taken back, and who may do it. If it is red: the answer names the
    fault. Sending the same request twice changes nothing.
    """
    begun = begin(case, by, f"casebeat acknowledge {case} {owed} --by {by} --withdraw")
    begun.project()
    result = begun.do("withdraw", duty.withdraw, ObligationReference(begun.case, owed, subject))
    return FormAnswer(result.sentence)

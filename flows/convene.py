"""The deployment `convene`: a form for people."""

from config.days.london import london_day
from flows import round_steps
from flows.clock import working_moment
from flows.configured import configured
from flows.forms.answering import FormAnswer, act_of, form, step, then
from flows.forms.fields import By, CaseField, Sitting
from flows.forms.links import FormLink
from flows.references import case_reference
from models.rules.reviews.move_case import MoveRequest
from tasks.reviews import move_case as duty


@form("convene", run_name="convene {case}")
def convene(case: CaseField, sitting: Sitting, by: By) -> FormAnswer:
    """Move a case's joint review to another sitting of its force and CPS Area.

    If it is Refused: the answer says why nothing was moved, who may ask for it, and which sittings have room. If it is
    red: the answer names the fault. Sending the same request twice changes nothing.
    """
    configuration = configured()
    act = act_of(by, f"casebeat convene {case} --sitting {sitting} --by {by}")
    named = case_reference(case)
    at = step("the moment", working_moment, None, named.force_code)
    today = london_day(at)
    result = step("move a case", duty.convene, configuration, named, MoveRequest(by, sitting), act, today, at)
    undo = FormLink("Take it back", "undo-move", {"case": case, "by": by})
    return then(
        result.sentence, round_steps.joint_reviews_now, configuration, named.force_code, today, at, step, undo=(undo,)
    )

"""The deployment `convene`: a form for people."""

from prefect import flow

from config.london import london_day
from flows import round_steps
from flows.clock import working_moment
from flows.forms.answering import FormAnswer, act_of, answered, step, then
from flows.forms.fields import By, CaseField, Sitting
from flows.publishing import refreshes_status
from flows.references import case_reference
from models.rules.reviews.move_case import MoveRequest
from tasks.reviews import move_case as duty


@refreshes_status
@flow(
    name="convene",
    flow_run_name="convene {case}",
    timeout_seconds=600,
    persist_result=False,
    log_prints=False,
    validate_parameters=False,
)
@answered
def convene(case: CaseField, sitting: Sitting, by: By) -> FormAnswer:
    """Move a case's joint review to another sitting of its force and CPS Area.

    If it is Refused: the answer says why nothing was moved, who may ask for it, and which sittings have room. If it is
    red: the answer names the fault. Sending the same request twice changes nothing.
    """
    act = act_of(by, f"casebeat convene {case} --sitting {sitting} --by {by}")
    named = case_reference(case)
    at = step("the moment", working_moment, None, named.force_code)
    today = london_day(at)
    made = step("move a case", duty.convene, named, MoveRequest(by, sitting), act, today, at)
    return then(made.sentence, round_steps.joint_reviews_now, named.force_code, today, at, step)

"""The deployment `convene`: a form for people."""

from typing import Any

from prefect import flow
from prefect.states import Completed

from config.london import london_day
from flows import round_steps
from flows.clock import working_moment
from flows.form_run import by_form
from flows.prefect_tasks import ForceParameter, ReferenceParameter, as_task
from flows.publishing import refreshes_status
from models.rules.references import CaseReference
from models.rules.reviews.move_case import MoveRequest
from tasks.reviews import move_case as duty


@refreshes_status
@flow(
    name="convene",
    flow_run_name="convene {force_code}/{case_ref}",
    timeout_seconds=600,
    persist_result=False,
    log_prints=False,
)
def convene(
    force_code: ForceParameter, case_ref: ReferenceParameter, sitting_ref: ReferenceParameter, by: ReferenceParameter
) -> Any:
    """Move a case's joint review to another sitting of its force and CPS Area.

    If it is red: its message says why nothing was moved, who may ask for it, and which sittings have room. Sending the
    same request twice changes nothing.

    Args:
        force_code: The force's code, as 45.
        case_ref: The force's own reference of the case, as 45/1234.
        sitting_ref: The sitting, as 45-south-east-2026-03-17.
        by: Your own contact_ref.
    """
    at = as_task("the moment", working_moment, None, force_code)
    today = london_day(at)
    named = CaseReference(force_code, case_ref)
    made: duty.MoveResult = as_task(
        "move a case", duty.convene, named, MoveRequest(by, sitting_ref), by_form(by), today, at
    )
    round_steps.joint_reviews_now(force_code, today, at, as_task)
    return Completed(data=made, message=made.sentence)

"""The deployment `acknowledge`: a form for people."""

from datetime import date
from typing import Annotated, Any

from prefect import flow
from prefect.states import Completed
from pydantic import Field

from config.acknowledgement import PromiseType
from config.london import london_day
from flows.clock import working_moment
from flows.form_run import by_form
from flows.prefect_tasks import ForceParameter, ReferenceParameter, as_task
from flows.publishing import refreshes_status
from flows.refresh import refresh
from models.rules.obligations.acknowledgement import AcknowledgementRequest
from models.rules.obligations.rulebook import RULES
from models.rules.references import CaseReference, ObligationReference
from tasks.obligations import acknowledge as duty

REASON = "promised by the form, which takes no words"  # parameters hold no free text
RuleParameter = Annotated[str, Field(json_schema_extra={"enum": list(RULES)})]
SubjectParameter = Annotated[str, Field(pattern=r"^[a-z]+(:[A-Za-z0-9/_.-]{1,64})?$")]


@refreshes_status
@flow(
    name="acknowledge",
    flow_run_name="acknowledge {rule} {force_code}/{case_ref}",
    timeout_seconds=600,
    persist_result=False,
    log_prints=False,
)
def acknowledge(
    force_code: ForceParameter,
    case_ref: ReferenceParameter,
    rule: RuleParameter,
    by: ReferenceParameter,
    until: date,
    subject: SubjectParameter | None = None,
    kind: PromiseType | None = None,
) -> Any:
    """Take on an obligation until a day. No further step is taken until then; its due day does not move.

    If it is red: its message says why nothing was promised, and who may allow it. To give a reason in your own text,
    use `casebeat acknowledge`.

    Args:
        force_code: The force's code, as 45.
        case_ref: The force's own reference of the case, as 45/1234.
        rule: The rule under which it is owed.
        by: Your own contact_ref.
        until: The working day until which you take it on.
        subject: Which one, if the case owes several under the rule, as action:A1.
        kind: For leads: why it may be longer than for others.
    """
    at = as_task("the moment", working_moment, None, force_code)
    today = london_day(at)
    as_task("project what changed", refresh, today, at, force_code)
    asked = ObligationReference(CaseReference(force_code, case_ref), rule, subject)
    request = AcknowledgementRequest(by, until, kind)
    made: duty.AcknowledgementResult = as_task(
        "acknowledge", duty.acknowledge, asked, request, by_form(by), REASON, today, at, retries=0
    )
    return Completed(data=made, message=f"Taken on until {request.until}; due on {made.due_on}.")

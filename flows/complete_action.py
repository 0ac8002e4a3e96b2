"""The deployment `complete-action`: a form for people."""

from datetime import date
from typing import Any

from prefect import flow
from prefect.states import Completed

from config.london import london_day
from flows.clock import working_moment
from flows.form_run import by_form
from flows.prefect_tasks import ForceParameter, ReferenceParameter, as_task
from flows.publishing import refreshes_status
from flows.refresh import refresh
from models.rules.obligations.completion import CompletionReport
from models.rules.references import ActionReference, CaseReference
from tasks.obligations import complete_action as duty


@refreshes_status
@flow(
    name="complete-action",
    flow_run_name="complete-action {action_ref}",
    timeout_seconds=600,
    persist_result=False,
    log_prints=False,
)
def complete_action(
    force_code: ForceParameter,
    case_ref: ReferenceParameter,
    action_ref: ReferenceParameter,
    by: ReferenceParameter,
    done_on: date | None = None,
) -> Any:
    """Report that an action was done. It ends at once, and the report applies until its source's row changes.

    If it is red: its message says why nothing was recorded, and who may report it. You may send the same report again;
    it is recorded once.

    Args:
        force_code: The force's code, as 45.
        case_ref: The force's own reference of the case, as 45/1234.
        action_ref: The action's reference, as A1.
        by: Your own contact_ref.
        done_on: The day it was done; today if not given.
    """
    at = as_task("the moment", working_moment, None, force_code)
    today = london_day(at)
    named = ActionReference(CaseReference(force_code, case_ref), action_ref)
    made: duty.CompletionResult = as_task(
        "complete an action", duty.complete_action, named, CompletionReport(by, done_on), by_form(by), today, at
    )
    as_task("project what changed", refresh, today, at, made.force_code)
    return Completed(data=made, message=made.sentence)

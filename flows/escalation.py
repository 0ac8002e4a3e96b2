"""The deployment `escalation`."""

from prefect import flow
from pydantic import AwareDatetime

from config.london import london_day
from flows.clock import round_moment
from flows.prefect_tasks import ForceParameter, as_task
from flows.publishing import refreshes_status
from tasks.obligations import escalation as duty
from tasks.obligations.climbing import ClimbCounts


@refreshes_status
@flow(name="escalation", flow_run_name="escalation force {force_code}", timeout_seconds=1_800, persist_result=False)
def escalation(force_code: ForceParameter, as_of: AwareDatetime | None = None) -> ClimbCounts:
    """Approach the SPOCs and leads of one force about what has stalled or is about to be lost.

    If it is red: fix what its message names and run it again; no message is sent twice.
    """
    at = as_task("the moment", round_moment, as_of, force_code)
    return as_task(f"escalate {force_code}", duty.escalate, force_code, london_day(at))

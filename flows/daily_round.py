"""The deployment `daily-round`."""

from typing import Any

from prefect import flow
from prefect.states import Completed
from pydantic import AwareDatetime

from config.london import london_day
from flows.clock import round_moment
from flows.prefect_tasks import as_task, run_named
from flows.publishing import publish, refreshes_status
from flows.round_steps import whole_round


@refreshes_status
@flow(
    name="daily-round",
    flow_run_name=run_named("daily-round"),
    timeout_seconds=4 * 3_600,
    persist_result=False,
    log_prints=False,
)
def daily_round(as_of: AwareDatetime | None = None, force_code: str | None = None) -> Any:
    """Run every force: projection, chasing, escalation. Then run digests and delivery, once.

    If it is red or Degraded: open the artifact `daily-round` below. Its first lines name each force and unit that
    failed, with the class of the fault, and show whether messages are held or could not be sent.

    Fix it (database, disk) and run the deployment again: no message is sent twice, and completed work is kept.
    """
    at = as_task("the moment", round_moment, as_of, force_code)
    made = whole_round(london_day(at), at, as_task, force_code)
    publish(made, london_day(at))
    if made.degraded:
        return Completed(name="Degraded", data=made, message=f"To look at: {'; '.join(made.trouble)}")
    return Completed(data=made, message="Every open case was looked at")

"""The deployment `intake`."""

from typing import Any

from prefect import flow
from prefect.states import Completed
from pydantic import AwareDatetime

from flows.clock import working_moment
from flows.prefect_tasks import as_task, run_named
from flows.publishing import refreshes_status
from tasks.intake.drop import DropCounts, load_dropped


@refreshes_status
@flow(
    name="intake", flow_run_name=run_named("intake"), timeout_seconds=4 * 3_600, persist_result=False, log_prints=False
)
def intake(as_of: AwareDatetime | None = None) -> Any:
    """Load what sources have put into the drop folder. A folder without its manifest is still being copied.

    If it is Degraded: an extract was refused or had rows rejected. Operations have the sentence by mail, and the
    rejected rows are under the data directory. Nothing of a refused extract was loaded. If it is red: fix what its
    message names and run it again; a loaded extract is not loaded twice.
    """
    at = as_task("the moment", working_moment, as_of)
    made: DropCounts = as_task("intake", load_dropped, at)
    return Completed(data=made, message=made.sentence, name="Degraded" if made.degraded else None)

"""The deployment `tell-operations`, which Prefect's automations run."""

from typing import Annotated, Any

from prefect import State
from pydantic import Field

from flows.clock import moment
from flows.configured import configured
from flows.prefect_tasks import as_task
from flows.publishing import deployment
from flows.states import completed
from tasks.rounds.assurance import alarm

EventName = Annotated[str, Field(pattern=r"^prefect\.[a-z-]+\.[A-Za-z-]+$")]
RunId = Annotated[str, Field(pattern=r"^[0-9a-f-]{36}$")]


@deployment("tell-operations", timeout_seconds=600, run_name="tell-operations")
def tell_operations(event: EventName, run_id: RunId | None = None) -> State[Any]:
    """Write to operations that a run ended badly or is late, or that no worker is there.

    If it is red: operations were not written. Its message says why: Prefect's API, or the database, is away.
    """
    configuration = configured()
    at = as_task("the moment", moment)
    written = as_task("write to operations", alarm.write, configuration, event, run_id, at)
    return completed("Written to operations." if written else "Operations know it already.")

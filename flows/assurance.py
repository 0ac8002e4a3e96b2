"""The deployment `assurance`."""

from typing import Any

from prefect import State
from pydantic import AwareDatetime

from flows.assurance_steps import assure_now
from flows.clock import moment
from flows.configured import configured
from flows.prefect_tasks import as_task
from flows.publishing import deployment
from flows.states import completed, failed
from tasks.rounds.assurance import alarm


@deployment("assurance", timeout_seconds=3_600)
def assurance(as_of: AwareDatetime | None = None) -> State[Any]:
    """Check whether every open case is watched, today's round is done and nothing is stuck; begin the round again.

    If it is red: its message lists what does not hold, as does `casebeat assure`. What it can mend it has mended, what
    is new it has written to operations, and the heartbeat stays away until all holds again.
    """
    configuration = configured()
    at = as_task("the moment", moment, as_of)
    audit = as_task("assurance", assure_now, configuration, as_of, at, retries=0)
    return failed(f"{alarm.FOUND}{audit.message}") if audit.findings else completed(audit.message)

"""The deployment `force-round`."""

from typing import Any

from prefect import flow
from pydantic import AwareDatetime

from config.london import london_day
from flows import round_steps
from flows.clock import round_moment
from flows.prefect_tasks import ForceByHand, as_task
from flows.publishing import refreshes_status
from flows.round_result import ForceRound
from flows.states import counted, failed
from tasks.platform import configuration, round_lock


@refreshes_status
@flow(
    name="force-round",
    flow_run_name="force-round force {force_code}",
    timeout_seconds=3_600,
    persist_result=False,
    log_prints=False,
)
def force_round(force_code: ForceByHand, as_of: AwareDatetime | None = None) -> Any:
    """Run one force's round: projection, joint reviews, chasing, escalation. The daily round hands it out.

    If it is red: its force failed; the daily round's page names the fault. If it is Degraded: some cases or obligations
    want a look. Fix it and run the daily round again: no message is sent twice, and completed work is kept.
    """
    at = as_task("the moment", round_moment, as_of, force_code)
    as_task("numbers", configuration.read_files)
    as_task("force", round_lock.forces, force_code)
    made: ForceRound = round_steps.force_round(force_code, london_day(at), at, as_task)
    if made.account is None or made.failure:
        return failed(f"Force {force_code} failed ({made.failure}). What was done is kept", made)
    return counted(made.account.sentence, made, degraded_if=made.degraded)

"""The deployment `chasing`."""

from typing import Any

from pydantic import AwareDatetime

from config.days.london import london_day
from flows.clock import round_moment
from flows.configured import configured
from flows.prefect_tasks import ForceByHand, as_task, of_force
from flows.publishing import deployment
from flows.states import counted
from tasks.obligations import chasing as duty
from tasks.obligations.climbing import ClimbCounts


@deployment("chasing", timeout_seconds=1_800, run_name=of_force("chasing"))
def chasing(force_code: ForceByHand, as_of: AwareDatetime | None = None) -> Any:
    """Approach the owners and supervisors of one force about what they owe.

    If it is red: fix what its message names and run it again; no message is sent twice. If it is Degraded: some
    obligations could not be climbed; the round's page names them.
    """
    configuration = configured()
    at = as_task("the moment", round_moment, configuration, as_of, force_code)
    counts: ClimbCounts = as_task(f"chase {force_code}", duty.chase, configuration, force_code, london_day(at))
    return counted(counts.sentence, counts, degraded_if=bool(counts.passed_over))

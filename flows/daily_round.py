"""The deployment `daily-round`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from prefect import get_run_logger, runtime
from pydantic import AwareDatetime

from config.days.london import london_day
from flows.clock import round_moment
from flows.configured import configured
from flows.prefect_tasks import ForceByHand, as_task, mute
from flows.publishing import deployment, publish
from flows.round_steps import Call, force_round, in_turn, whole_round
from flows.states import ENDS
from tasks.platform.configuration import Configuration
from tasks.rounds import handing_out
from tasks.rounds.handing_out import Handover
from tasks.rounds.verdict import ForceLine


@deployment("daily-round", timeout_seconds=4 * 3_600)
def daily_round(as_of: AwareDatetime | None = None, force_code: ForceByHand | None = None) -> Any:
    """Run every force: projection, chasing, escalation. Then run digests and delivery, once.

    If it is red (Failed): part of the day's work was not done: a force failed, an expected force, feed or file is
    missing, or an extract was refused. If it is Degraded: the work is done, and something wants a look. The state's
    message and the first lines of the artifact `daily-round` below name each force, unit, extract and fault.

    Fix it (database, disk, feed) and run the deployment again: no message is sent twice, and completed work is kept.
    """
    configuration = configured()
    at = as_task("the moment", round_moment, configuration, as_of, force_code)
    forces = _shared if configuration.settings.server.shares > 1 else in_turn
    result = whole_round(configuration, london_day(at), at, as_task, force_code, forces)
    publish(configuration, result, london_day(at))
    return ENDS[result.state](result.verdict.message, result)


def _shared(
    configuration: Configuration, force_codes: Sequence[str], at: datetime, call: Call, round_id: int | None
) -> list[ForceLine]:
    """Divide the forces among runs, and wait for all. Those that no worker takes are run here, in turn."""
    handover = Handover(at, round_id or 0, str(runtime.flow_run.id), configuration.settings.server.shares)
    runs = call("hand out the forces", handing_out.hand_out, force_codes, handover)
    ends = mute(handing_out.wait)(runs, handover)  # not a task, which has an hour
    if left := [code for code in force_codes if code not in ends]:
        get_run_logger().info("No worker took force %s: this run works on it.", ", ".join(left))
    return [
        ends[code] if code in ends else force_round(configuration, code, london_day(at), at, call)
        for code in force_codes
    ]

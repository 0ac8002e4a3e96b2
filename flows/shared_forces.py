"""The forces of a round, shared by the workers of the pool: see `flows/force_round.py`, which each of them runs."""

from collections.abc import Sequence
from datetime import datetime

from prefect import get_run_logger, runtime

from config.days.london import london_day
from config.settings import settings
from flows.prefect_tasks import mute
from flows.round_result import ForceRound
from flows.round_steps import Call, force_round
from tasks.rounds import handing_out
from tasks.rounds.handing_out import Handover


def shared(force_codes: Sequence[str], at: datetime, call: Call, round_id: int | None) -> list[ForceRound]:
    """Divide the forces among runs, and wait for all. Those that no worker takes are run here, in turn."""
    handover = Handover(at, round_id or 0, str(runtime.flow_run.id), settings().server.shares)
    runs = call("hand out the forces", handing_out.hand_out, force_codes, handover)
    ends = mute(handing_out.wait)(runs, handover)  # not a task, which has an hour
    if left := [code for code in force_codes if code not in ends]:
        get_run_logger().info("No worker took force %s: this run works on it.", ", ".join(left))
    return [
        ForceRound.of_line(ends[code]) if code in ends else force_round(code, london_day(at), at, call)
        for code in force_codes
    ]

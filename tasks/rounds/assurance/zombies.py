"""Ends flow runs whose process is gone, so that their slots are free and they can be run again.

Prefect's own automation of `automations.yaml` does so too, within two minutes, while the server lives.
"""

import os
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tasks.servers.prefect_api import Api
from tasks.servers.work_pool import POOL

SILENT = timedelta(minutes=5)  # without a sign of life, a run on another machine is dead: ten heartbeats
UNBEGUN = timedelta(seconds=100)  # within which a run that a worker took has a process, as in automations.yaml
_GONE = "The process of this run is gone."
# Of alarms too: one that is never ended holds up all that come after it.
_UNDER_WAY = {
    "state": {"type": {"any_": ["RUNNING", "PENDING", "CANCELLING"]}}, "tags": {"any_": ["casebeat", "alarm"]},
}  # fmt: skip


def end_zombies(api: Api, now: datetime, *, before_worker: bool = False) -> int:
    """End the runs that have no process any more, and return how many there were. Raises OSError as `Api.ask` does.

    Where every worker of the pool is of this machine, a running one without a process here is dead; `before_worker`,
    when no worker is starting any, so is one that is pending, and otherwise one that is so for longer than `UNBEGUN`.
    Any other is dead after five minutes of silence.
    """
    runs = api.ask("POST", "flow_runs/filter", {"flow_runs": _UNDER_WAY})
    if not runs:
        return 0
    workers = {one["name"] for one in api.ask("POST", f"work_pools/{POOL}/workers/filter", {}) or []}
    living, sure = _living(run["id"] for run in runs)
    alone = sure and workers == {worker_name()}
    gone = [run for run in runs if run["id"] not in living]
    dead = [one for one in gone if (alone and _begun(one, now, before_worker=before_worker)) or _silent(api, one, now)]
    ended = 0
    for one in dead:
        kind = "CANCELLED" if one["state_type"] == "CANCELLING" else "CRASHED"
        state = {"type": kind, "name": kind.capitalize(), "message": _GONE}
        now_in = api.ask("GET", f"flow_runs/{one['id']}")  # again: it may have ended in the meantime
        if now_in and now_in["state"]["id"] == one["state"]["id"]:
            api.ask("POST", f"flow_runs/{one['id']}/set_state", {"state": state, "force": True})
            ended += 1
    return ended


def worker_name() -> str:
    """Return the name of this machine's worker, by which its runs are known from those of another machine."""
    return os.uname().nodename


def _begun(run: Mapping[str, Any], now: datetime, *, before_worker: bool) -> bool:
    """Return whether a run must have a process here. One of a command, which no worker runs, has no deployment."""
    taken = now - datetime.fromisoformat(run["state"]["timestamp"]) > UNBEGUN
    return run["deployment_id"] is not None and (before_worker or run["state_type"] == "RUNNING" or taken)


def _living(ids: Iterable[str]) -> tuple[set[str], bool]:
    """Return those of the runs that have a process here, and whether all of Prefect's processes could be looked at.

    Prefect names the run in the environment of its process, which only its own user may read.
    """
    names = {one: f"PREFECT__FLOW_RUN_ID={one}".encode() for one in ids}
    found: set[str] = set()
    sure = True
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes()
            environment = (folder / "environ").read_bytes()
        except PermissionError:
            sure = sure and b"prefect" not in command
        except OSError:  # it has ended
            continue
        else:
            found.update(one for one, name in names.items() if name in environment)
    return found, sure


def _silent(api: Api, run: Mapping[str, Any], now: datetime) -> bool:
    """Return whether a run's state is older than its last sign of life may be, and it has sent no heartbeat since."""
    if now - datetime.fromisoformat(run["state"]["timestamp"]) < SILENT:
        return False
    asked = {
        "occurred": {"since": (now - SILENT).isoformat(), "until": (now + SILENT).isoformat()},
        "event": {"name": ["prefect.flow-run.heartbeat"]},
        "resource": {"id": [f"prefect.flow-run.{run['id']}"]},
    }
    return not api.ask("POST", "events/filter", {"filter": asked, "limit": 1})["events"]

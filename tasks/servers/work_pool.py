"""The work pool: held while the installation ends, so that no run is cut off, and released when it starts again."""

import json
import time
from pathlib import Path

from tasks.servers.prefect_api import Api

POOL = "casebeat"
PATIENCE = 120.0  # seconds for runs in progress to end
TEMPLATE = "packaging/pools/process.json"  # in the checkout: what a run may be given, and nothing beyond it
_PATH = f"work_pools/{POOL}"
_MARK = "pool-held"  # a file in Prefect's folder: the pool is paused by `hold`, and not by operations


def make(api: Api, root: Path) -> None:
    """Make the pool of processes with the template of a checkout, or give it that template; a pool of containers stays.

    What operations switched stays too. Raises OSError as `Api.ask` does.
    """
    template = json.loads((root / TEMPLATE).read_text("utf-8"))
    answer = api.ask("GET", _PATH)
    if answer is None:
        api.ask("POST", "work_pools/", {"name": POOL, "type": "process", "base_job_template": template})
    elif answer["type"] == "process" and answer["base_job_template"] != template:
        api.ask("PATCH", _PATH, {"base_job_template": template})


def pause(api: Api, *, paused: bool) -> None:
    """Pause the pool, so that no worker takes a run from it, or resume it. Raises OSError as `Api.ask` does."""
    api.ask("PATCH", _PATH, {"is_paused": paused})


def hold(api: Api, home: Path) -> None:
    """Pause the pool until `release`, unless operations paused it. Raises OSError as `Api.ask` does."""
    if not api.ask("GET", _PATH)["is_paused"]:
        _mark(home).touch()
        pause(api, paused=True)


def release(api: Api, home: Path) -> None:
    """Resume the pool if `hold` paused it. Raises OSError as `Api.ask` does."""
    if _mark(home).exists():
        pause(api, paused=False)
        _mark(home).unlink()


def runs_in_progress(api: Api) -> int:
    """Return how many flow runs of the pool a worker has begun. Raises OSError as `Api.ask` does."""
    begun = {"state": {"type": {"any_": ["RUNNING", "PENDING", "CANCELLING"]}}}
    count: int = api.ask("POST", "flow_runs/count", {"flow_runs": begun, "work_pools": {"name": {"any_": [POOL]}}})
    return count


def wait_for_runs(api: Api) -> None:
    """Wait until no flow run of the pool is in progress, at most as long as `PATIENCE`."""
    deadline = time.monotonic() + PATIENCE
    while runs_in_progress(api) and time.monotonic() < deadline:
        time.sleep(0.5)


def _mark(home: Path) -> Path:
    return home.expanduser().resolve() / "prefect" / _MARK

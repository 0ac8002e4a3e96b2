"""A running Prefect server that several tests share."""

import json
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tasks.servers import child, postgres, prefect_server, work_pool
from tasks.servers.prefect_api import Api
from tasks.servers.prefect_server import SERVER, WORKER, environment, server_environment
from tests.faults.waiting import eventually
from tests.support.post import free_port
from tests.support.prepared import prepare

ROOT = Path(__file__).parents[2]
KEEP_DAYS = 7
IDENTITY = {"CASEBEAT_FORMS__IDENTITY_HEADER": "X-Casebeat-Signed-In", "CASEBEAT_SIGNING_SECRET": "s" * 40}
ENDED = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}
_NEWEST_FIRST = {"flow_runs/filter": "START_TIME_DESC", "artifacts/filter": "CREATED_DESC"}
_PRUNED_EVERY = {"PREFECT_SERVER_SERVICES_DB_VACUUM_LOOP_SECONDS": "10"}


@contextmanager
def worker(home: Path, api_url: str) -> Iterator[None]:
    """Run a process worker on the pool inside the block. Then pause the pool, wait for running flows and stop it."""
    api = Api(api_url)
    with child.running(home, "worker", WORKER, environment(home, _port(api_url))):
        work_pool.pause(api, paused=False)
        try:
            yield
        finally:
            work_pool.pause(api, paused=True)
            work_pool.wait_for_runs(api)


def _port(api_url: str) -> int:
    return int(api_url.rpartition(":")[2].partition("/")[0])


@dataclass(frozen=True)
class Prefect:
    """A running server with a home of its own; a test's data is under another."""

    home: Path
    api_url: str
    before: frozenset[str] = frozenset()  # the flow runs of earlier tests

    @property
    def told(self) -> dict[str, str]:
        """The environment of a process that reports to this server."""
        return environment(self.home, _port(self.api_url))

    def asked(self, path: str, **wanted: Any) -> Any:
        """The server's answer to a query: at most 200 rows, of runs and artifacts the newest."""
        if path in _NEWEST_FIRST:
            wanted = {"sort": _NEWEST_FIRST[path], **wanted}
        request = urllib.request.Request(  # noqa: S310  our own loopback URL
            f"{self.api_url}/{path}", data=json.dumps(wanted).encode(), headers={"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return json.load(answer)

    def runs(self, *names: str) -> list[tuple[str, str]]:
        """The test's flow runs of these names, or all of them: name and type of state."""
        mine = [run for run in self.asked("flow_runs/filter") if run["id"] not in self.before]
        found = [(run["name"], run["state_type"]) for run in mine]
        return sorted(run for run in found if not names or run[0] in names)

    def deployment(self, name: str) -> str:
        """The id of a deployment."""
        (found,) = self.asked("deployments/filter", deployments={"name": {"any_": [name]}})
        return str(found["id"])

    def ended(self, name: str, **parameters: Any) -> dict[str, Any]:
        """Run a deployment by hand, wait for the end of the run, and return its state."""
        begun = {"parameters": parameters, "state": {"type": "SCHEDULED"}}
        run = self.asked(f"deployments/{self.deployment(name)}/create_flow_run", **begun)["id"]
        eventually(lambda: self.run(run)["state_type"] in ENDED, within=300)
        return dict(self.run(run)["state"])

    def run(self, run: str) -> dict[str, Any]:
        """A run, by its id."""
        return dict(Api(self.api_url).ask("GET", f"flow_runs/{run}"))


@contextmanager
def shared_server() -> Iterator[Prefect]:
    """Run a server inside the block, which keeps who signed in, and prunes old runs every few seconds."""
    with tempfile.TemporaryDirectory(prefix="casebeat-prefect-") as made:
        home, port = Path(made), free_port()
        prepare(home, prefect=True)
        postgres.start(home)
        told = {
            **server_environment(home, port), **prefect_server.pruning(KEEP_DAYS), **_PRUNED_EVERY, **IDENTITY,
            "CASEBEAT_HOME": made,
        }  # fmt: skip
        with child.running(home, "server", SERVER, told) as process:
            prefect_server.wait_for_health(process, home, told["PREFECT_API_URL"])
            yield Prefect(home, told["PREFECT_API_URL"])
        postgres.stop(home)


def deploy(served: Prefect) -> None:
    """Deploy everything with its schedules off: a test begins its runs itself."""
    prefect_server.deploy(served.home, served.api_url, ROOT)
    pause_schedules(served.api_url)


def pause_schedules(api_url: str) -> None:
    """Switch every schedule off, by which the runs that it had planned go."""
    api = Api(api_url)
    for each in api.ask("POST", "deployments/filter", {}):
        for schedule in each["schedules"]:
            api.ask("PATCH", f"deployments/{each['id']}/schedules/{schedule['id']}", {"active": False})

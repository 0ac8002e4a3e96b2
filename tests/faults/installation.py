"""An installation as `casebeat serve` runs it, on a book: each process can be killed, and is started again."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg2

from tasks.rounds.assurance import automations, zombies
from tasks.servers import postgres, prefect_server, work_pool
from tasks.servers.postgres_programs import postmaster
from tasks.servers.prefect_api import Api
from tasks.servers.serving import Embedded, Program
from tests.faults.ground import Ground

ROOT = Path(__file__).parents[2]
ONCE_A_YEAR = {"schedule": {"cron": "0 6 1 1 *", "timezone": "Europe/London"}, "active": True}
# A worker asks for runs every 2 seconds. It is offline after 6, and a run late after 2: by default after 10, 90 and 15.
QUICK_WORKER = {"PREFECT_WORKER_QUERY_SECONDS": "2", "PREFECT_WORKER_HEARTBEAT_SECONDS": "2"}
QUICK_SERVER = {
    "PREFECT_SERVER_SERVICES_FOREMAN_LOOP_SECONDS": "1", "PREFECT_SERVER_SERVICES_LATE_RUNS_AFTER_SECONDS": "2",
    "PREFECT_SERVER_SERVICES_LATE_RUNS_LOOP_SECONDS": "1",
}  # fmt: skip
WITHIN = 600.0  # seconds, for whatever is waited for: a busy machine takes minutes to begin a run
LOCK_WAITS = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
BEFORE = "before the round began"
VICTIMS = ("server", "postgres", "flow", "worker", "machine")


@dataclass
class Installation:
    """Server, worker and PostgreSQL of a ground, all under its home."""

    ground: Ground
    api: Api
    server: Program
    worker: Program
    database: Embedded
    log: list[str] = field(default_factory=list)

    def tend(self) -> None:
        """Start again what has ended, as `serve` does once a second."""
        for program in (self.database, self.server, self.worker):
            program.tend(self.log.append)

    def run(self, deployment: str, at: datetime) -> str:
        """Begin a run of a deployment as its schedule would, and return its id."""
        found = self.api.ask("GET", f"deployments/name/{deployment}/{deployment}")
        body = {"parameters": {"as_of": at.isoformat()}, "state": {"type": "SCHEDULED"}}
        return str(self.api.ask("POST", f"deployments/{found['id']}/create_flow_run", body)["id"])

    def is_online(self) -> bool:
        """Return whether the server has heard of the worker."""
        workers = self.api.ask("POST", f"work_pools/{work_pool.POOL}/workers/filter", {}) or []
        return any(one["status"] == "ONLINE" for one in workers)

    def state(self, run_id: str) -> str:
        """The name of a run's state; empty while the server is away."""
        with suppress(OSError):
            return str(self.api.ask("GET", f"flow_runs/{run_id}")["state"]["name"])
        return ""

    def has_no_round(self) -> bool:
        """Return whether no run of the daily round is in progress or waits for a worker."""
        asked = {
            "deployments": {"name": {"any_": ["daily-round"]}},
            "flow_runs": {
                "state": {"type": {"any_": ["SCHEDULED", "PENDING", "RUNNING"]}},
                "expected_start_time": {"before_": now().isoformat()},
            },
        }
        with suppress(OSError):
            return bool(self.api.ask("POST", "flow_runs/count", asked) == 0)
        return False

    def wait_for(self, condition: Any, within: float = WITHIN, most: float = 1) -> float:
        """Tend until a condition holds, asking ever more rarely to `most`, and return the seconds that it took."""
        begun = time.monotonic()
        while not condition():
            waited = time.monotonic() - begun
            assert waited < within, f"not within {within} seconds\n{self.log}"
            self.tend()
            time.sleep(min(0.05 + waited / 20, most))
        return time.monotonic() - begun

    def kill(self, victim: str) -> bool:
        """Kill one process, or all at once as a machine that loses its power; return whether there was any to kill."""
        pids = [pid for name in (victim,) if victim != "machine" for pid in self._pids(name)]
        if victim == "machine":
            pids = [pid for name in ("worker", "flow", "server", "postgres") for pid in self._pids(name)]
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return bool(pids)

    def _pids(self, name: str) -> list[int]:
        if name == "postgres":
            return [pid for pid in (postmaster(self.ground.home / "postgres"),) if pid]
        if name == "flow":
            return flow_processes(self.ground.home)
        process = {"server": self.server, "worker": self.worker}[name].process
        return [process.pid] if process and process.poll() is None else []


def flow_processes(home: Path) -> list[int]:
    """The processes of flow runs that a worker of this home has begun."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            environment = (folder / "environ").read_bytes()
            if b"PREFECT__FLOW_RUN_ID=" in environment and str(home).encode() in environment:
                found.append(int(folder.name))
    return found


def how_far(ground: Ground, at: datetime) -> str:
    """Name the part of the day's round that was reached, from its own rows."""
    try:
        rows = dict(ground.ask("select force_code, ended_at is not null from rounds where day = %s", (at.date(),)))
    except psycopg2.OperationalError:  # its server is still dying
        time.sleep(0.1)
        return how_far(ground, at)
    if not rows:
        return BEFORE
    if rows.get("--"):
        return "after its end"
    return "in the part of all forces" if rows.get("45") and rows.get("46") else "in a force's part"


@contextmanager
def a_force_locked(ground: Ground, force_code: str = "45") -> Iterator[None]:
    """Keep a round in the middle of its work: it waits for the lock of a force."""
    where = postgres.url(ground.server).partition("?host=")[2]
    with closing(psycopg2.connect(host=where, user="postgres", dbname=ground.name)) as opened:
        opened.autocommit = True
        opened.cursor().execute("select pg_advisory_lock(hashtext('casebeat round'), hashtext(%s))", (force_code,))
        yield


@contextmanager
def installation(ground: Ground) -> Iterator[Installation]:
    """Run a server and a worker on a ground's own PostgreSQL, with everything deployed. Runs are begun by the test."""
    home, port = ground.home, prefect_server.free_port()
    variables = {**ground.env, **prefect_server.environment(home, port), **QUICK_WORKER}
    served = {**ground.env, **prefect_server.server_environment(home, port), **QUICK_SERVER}
    api = Api(variables["PREFECT_API_URL"])
    postgres.start(home)
    named = [*prefect_server.WORKER, "--name", zombies.worker_name()]
    made = Installation(
        ground,
        api,
        Program(home, "server", prefect_server.SERVER, served),
        Program(home, "worker", named, variables, before=lambda: _end_dead_runs(api)),
        Embedded(home),
    )
    try:
        prefect_server.wait_for_health(made.server.start(), home, api.url)
        prefect_server.deploy(home, api.url, ROOT)
        automations.apply(api)
        for one in api.ask("POST", "deployments/filter", {}):
            for schedule in one["schedules"]:
                api.ask("PATCH", f"deployments/{one['id']}/schedules/{schedule['id']}", ONCE_A_YEAR)
        ground.also["PREFECT_API_URL"] = api.url
        work_pool.pause(api, paused=False)
        made.worker.start()
        made.wait_for(made.is_online)
        yield made
    finally:
        made.worker.end()
        made.server.end()


def _end_dead_runs(api: Api) -> None:
    with suppress(OSError):  # the server is away too
        zombies.end_zombies(api, now(), before_worker=True)


def now() -> datetime:
    return datetime.now(UTC)

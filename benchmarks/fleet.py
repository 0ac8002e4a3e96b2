"""The daily round of one book: in one process, by one worker, and shared by one, two and four workers of a real pool.

Each way begins with a copy of the same book. Two days are run: the first works out every case, the second is a day
on which 2 % have changed. The empty runs, of a flow that does nothing, are what Prefect costs alone.
"""

import os
import socket
import statistics
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import psycopg2

from benchmarks import processor, work
from benchmarks.book import CODES, Scale, write_extract
from config.days.london import at_london
from flows.configured import configured
from flows.round_steps import whole_round
from models.queries.driver import scalar
from tasks.rounds.status import installation
from tasks.servers import child, database, migrate, postgres, prefect_server
from tasks.servers.prefect_api import Api

ROOT = Path(__file__).parents[1]
FORCES = (*CODES, "93")
EMPTY = 11  # runs, a quarter of the forces
DAYS = (work.FIRST, work.SECOND)
_ENDS = frozenset({"COMPLETED", "FAILED", "CRASHED", "CANCELLED"})


class Way(NamedTuple):
    """A way to run a round: with how many workers, and among how many runs they share its forces."""

    name: str
    workers: int
    shares: int


class Cost(NamedTuple):
    """What one day cost in one way, in seconds: by the clock, and of the processor for each part."""

    way: str
    what: str
    seconds: float
    spent: Mapping[str, float]
    left: str

    def row(self) -> str:
        """Return the row of a Markdown table."""
        parts = " | ".join(f"{self.spent.get(name, 0):.1f}" for name in PARTS)
        return f"| {self.way} | {self.what} | {self.seconds:.1f} | {parts} | {self.left} |"


PARTS = ("work", "its database", "Prefect's server", "Prefect's database")
HEAD = f"| way | day | seconds | {' | '.join(PARTS)} | letters |\n|---|---|---|---|---|---|---|---|"


@dataclass
class Ground:
    """The book's database server, and Prefect's server on another one."""

    home: Path
    port: int
    server: int = 0  # Prefect's, its process
    workers: list[int] = field(default_factory=list)

    @property
    def prefect_home(self) -> Path:
        return self.home / "prefect-alone"

    @property
    def api(self) -> Api:
        return Api(prefect_server.environment(self.prefect_home, self.port)["PREFECT_API_URL"])

    def parts(self) -> dict[str, list[int]]:
        """The processes of each part."""
        return {
            "work": self.workers or [os.getpid()],
            "its database": [processor.postmaster(self.home / "postgres")],
            "Prefect's server": [self.server],
            "Prefect's database": [processor.postmaster(self.prefect_home)],
        }

    def copy(self, name: str) -> None:
        """Make a database of the book as it is, and work on it from now on."""
        database.close()
        where = postgres.url(self.home).partition("?host=")[2]
        with closing(psycopg2.connect(host=where, user="postgres", dbname="postgres")) as opened:
            opened.autocommit = True
            opened.cursor().execute(f"create database {name} template casebeat owner casebeat_owner")
        os.environ["CASEBEAT_DATABASE_URL"] = postgres.url(self.home, database=name)
        os.environ["CASEBEAT_DATABASE_OWNER_URL"] = postgres.url(self.home, database=name, role="casebeat_owner")

    def letters(self) -> int:
        with database.transaction() as connection:
            found: int = scalar(connection, "select count(*) from messages where state in ('sent', 'shown')")
        return found


def figures(cases: int, home: Path, ways: Sequence[Way]) -> Iterator[Cost]:
    """Make the book, and run both of its days in each way. The extracts are loaded before, and not counted."""
    os.environ.update(CASEBEAT_SIGNING_SECRET="s" * 40, CASEBEAT_FORCES=",".join(FORCES))
    whole = write_extract(home / "whole", Scale(cases, DAYS[0], codes=FORCES))
    changed = write_extract(home / "changed", Scale(cases, DAYS[1], every=50, codes=FORCES))
    postgres.start(home)
    migrate.migrate(postgres.url(home, role="casebeat_owner"))
    work.intake(whole)
    work.settle()
    with _prefect(home) as ground:
        for number, way in enumerate(ways):
            ground.copy(f"book{number}")
            with _workers(ground, way):
                for day in DAYS:
                    if day != DAYS[0]:
                        work.intake(changed)
                    yield _day(ground, way, day)
                if way == ways[-1]:
                    yield _empty(ground, way)
            print(f"status.look: {_looked(DAYS[1]):.2f} s", file=sys.stderr)


def _day(ground: Ground, way: Way, day: date) -> Cost:
    """Run one day, and see that the book is whole."""
    ended: list[str] = []

    def run() -> None:
        if not way.workers:
            ended.append(whole_round(configured(), day, at_london(day)).state)
            return
        found = ground.api.ask("GET", "deployments/name/daily-round/daily-round")
        body = {"parameters": {"as_of": at_london(day).isoformat()}, "state": {"type": "SCHEDULED"}}
        ended.append(_until_ended(ground.api, [_begun(ground.api, found["id"], body)])[0]["state_name"])

    before, began = ground.letters(), time.monotonic()
    spent = processor.during(ground.parts(), run)
    seconds = time.monotonic() - began
    if ended == ["Failed"]:
        raise SystemExit(f"the round of {day} failed")
    return Cost(way.name, f"{day:%a}", seconds, spent, f"{ground.letters() - before:,}")


def _empty(ground: Ground, way: Way) -> Cost:
    """Hand out runs that do nothing, and wait for them."""
    api = ground.api
    flow = api.ask("POST", "flows/", {"name": "nothing"})
    deployment = api.ask("POST", "deployments/", {
        "name": "nothing", "flow_id": flow["id"], "entrypoint": "benchmarks.nothing.nothing", "pull_steps": [],
        "work_pool_name": "casebeat", "work_queue_name": "default", "enforce_parameter_schema": False,
    })  # fmt: skip
    times: list[float] = []

    def run() -> None:
        bodies = [{"parameters": {"force_code": code}, "state": {"type": "SCHEDULED"}} for code in FORCES[:EMPTY]]
        ended = _until_ended(api, [_begun(api, deployment["id"], body) for body in bodies])
        if any(one["state_type"] != "COMPLETED" for one in ended):
            raise SystemExit("an empty run did not end well")
        times.extend(one["total_run_time"] for one in ended)

    began = time.monotonic()
    spent = processor.during(ground.parts(), run)
    what = f"{EMPTY} empty runs (median {statistics.median(times):.2f} s as Prefect counts)"
    return Cost(way.name, what, time.monotonic() - began, spent, "")


def _begun(api: Api, deployment: str, body: Mapping[str, Any]) -> str:
    return str(api.ask("POST", f"deployments/{deployment}/create_flow_run", dict(body))["id"])


def _until_ended(api: Api, runs: Sequence[str]) -> list[dict[str, Any]]:
    while True:
        found = api.ask("POST", "flow_runs/filter", {"flow_runs": {"id": {"any_": list(runs)}}})
        if len(found) == len(runs) and all(one["state_type"] in _ENDS for one in found):
            return list(found)
        time.sleep(0.2)


@contextmanager
def _prefect(home: Path) -> Iterator[Ground]:
    """Run Prefect's server on a PostgreSQL server of its own, with the pool and the deployments."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        ground = Ground(home, probe.getsockname()[1])
    postgres.start(ground.prefect_home)
    prefect_server.PATIENCE = 600.0  # a busy machine is measured too
    try:
        own = prefect_server.server_environment(ground.prefect_home, ground.port)
        with child.running(ground.prefect_home, "server", prefect_server.SERVER, own) as server:
            prefect_server.wait_for_health(server, ground.prefect_home, ground.api.url)
            prefect_server.deploy(ground.prefect_home, ground.api.url, ROOT)
            for schedule in _schedules(ground.api):
                ground.api.ask("PATCH", schedule, {"active": False})
            ground.server = server.pid
            yield ground
    finally:
        postgres.stop(ground.prefect_home)


def _schedules(api: Api) -> list[str]:
    found = api.ask("POST", "deployments/filter", {})
    return [f"deployments/{one['id']}/schedules/{each['id']}" for one in found for each in one["schedules"]]


@contextmanager
def _workers(ground: Ground, way: Way) -> Iterator[None]:
    """Run the workers of a way: the first has a place for the round itself, and each one for a force's run."""
    with ExitStack() as stack:
        for number in range(way.workers):
            told = prefect_server.environment(ground.prefect_home, ground.port) | {
                "CASEBEAT_SERVER__SHARES": str(way.shares),
                "PYTHONPATH": str(ROOT),
            }
            limit = "2" if number == 0 else "1"
            command = [*prefect_server.WORKER, "--name", f"machine-{number}", "--limit", limit]
            process = stack.enter_context(child.running(ground.prefect_home, f"worker-{number}", command, told))
            ground.workers.append(process.pid)
        while way.workers and len(_online(ground.api)) < way.workers:
            time.sleep(0.5)
        time.sleep(5 if way.workers else 0)  # until they have imported everything
        yield
    ground.workers.clear()
    for worker in _online(ground.api):
        ground.api.ask("DELETE", f"work_pools/casebeat/workers/{worker}")


def _online(api: Api) -> list[str]:
    return [one["name"] for one in api.ask("POST", "work_pools/casebeat/workers/filter", {}) or []]


def _looked(day: date) -> float:
    began = time.monotonic()
    installation.look(configured(), at_london(day))
    return time.monotonic() - began

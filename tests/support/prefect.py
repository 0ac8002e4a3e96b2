"""A running Prefect server that several tests share."""

import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tasks.servers import child, work_pool
from tasks.servers.prefect_api import Api
from tasks.servers.prefect_server import WORKER, environment


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
        """The server's answer to a query: at most 200 rows, so that what many tests leave has to be filtered."""
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

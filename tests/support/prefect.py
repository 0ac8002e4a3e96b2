"""A running Prefect server that several tests share."""

import json
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tasks.servers.prefect_server import environment


@dataclass(frozen=True)
class Prefect:
    """A running server with a home of its own; a test's data is under another."""

    home: Path
    api_url: str
    before: frozenset[str] = frozenset()  # the flow runs of earlier tests

    @property
    def told(self) -> dict[str, str]:
        """The environment of a process that reports to this server."""
        return environment(self.home, int(self.api_url.rpartition(":")[2].partition("/")[0]))

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

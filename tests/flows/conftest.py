"""One Prefect server, shared by the tests that need any: it takes ten seconds of a core to start."""

import json
import tempfile
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tasks.servers import postgres
from tasks.servers.prefect_server import environment, prefect_server
from tests.support.prepared import prepare


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


@pytest.fixture(scope="package")
def shared() -> Iterator[Prefect]:
    """The shared server."""
    with tempfile.TemporaryDirectory(prefix="casebeat-prefect-") as made:
        prepare(Path(made), prefect=True)
        with prefect_server(Path(made)) as api_url:
            yield Prefect(Path(made), api_url)
        postgres.stop(Path(made))


@pytest.fixture
def prefect(shared: Prefect) -> Prefect:
    """The shared server, which knows the runs of earlier tests from this test's own."""
    return replace(shared, before=frozenset(run["id"] for run in shared.asked("flow_runs/filter")))

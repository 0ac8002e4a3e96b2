"""One Prefect server, shared by the tests that need any: it takes ten seconds of a core to start."""

import json
import tempfile
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tasks.platform import postgres
from tasks.platform.prefect_server import environment, prefect_server


@dataclass(frozen=True)
class Prefect:
    """A running server with a home of its own; a test's data is under another."""

    home: Path
    api_url: str

    @property
    def told(self) -> dict[str, str]:
        """The environment of a process that reports to this server."""
        return environment(self.home, int(self.api_url.rpartition(":")[2].partition("/")[0]))

    def asked(self, path: str) -> Any:
        """The server's answer to an unfiltered query."""
        request = urllib.request.Request(  # noqa: S310  our own loopback URL
            f"{self.api_url}/{path}", data=b"{}", headers={"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return json.load(answer)

    def runs(self, *names: str) -> list[tuple[str, str]]:
        """The flow runs of these names, or all of them: name and type of state."""
        found = [(run["name"], run["state_type"]) for run in self.asked("flow_runs/filter")]
        return sorted(run for run in found if not names or run[0] in names)


@pytest.fixture(scope="package")
def prefect() -> Iterator[Prefect]:
    """The shared server."""
    with tempfile.TemporaryDirectory(prefix="casebeat-prefect-") as made:
        with prefect_server(Path(made)) as api_url:
            yield Prefect(Path(made), api_url)
        postgres.stop(Path(made))

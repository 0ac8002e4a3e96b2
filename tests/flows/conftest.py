"""One Prefect server, shared by the tests that need any: it takes ten seconds of a core to start."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tasks.servers import postgres
from tasks.servers.prefect_server import prefect_server
from tests.support.prefect import Prefect
from tests.support.prepared import prepare


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


@pytest.fixture
def home():
    with tempfile.TemporaryDirectory(prefix="casebeat-round-") as made:
        prepare(Path(made))
        yield Path(made)
        postgres.stop(Path(made))

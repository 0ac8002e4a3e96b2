"""A data directory for each test of a flow, before the one Prefect server that the tests share."""

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from tasks.servers import postgres
from tests.support.prefect import Prefect
from tests.support.prepared import prepare


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

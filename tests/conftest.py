"""Shared fixtures: a real PostgreSQL, a fresh database for each test, and the command line."""

import gc
import json
import os
from collections.abc import Callable, Iterator
from importlib.metadata import distribution
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from models.queries.outbox import outbox
from tasks.servers import database as way
from tasks.servers import postgres
from tests.support import casebeat, prefect
from tests.support.copies import Copies, as_superuser, migrated_server
from tests.support.ran import ROOT, Ran

pytest.register_assert_rewrite("tests.whole.truth.grammar")
gc.disable()  # until the tests are collected: what that makes stays, and looking through it takes a third of the time

if json.loads(distribution("casebeat").read_text("direct_url.json") or "{}").get("url") != ROOT.as_uri():
    os.environ["PYTHONPATH"] = str(ROOT)  # processes started by tests use this checkout, whichever is installed


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()
    gc.set_threshold(20_000)  # objects, not 700: to look through the young ones so often takes a sixteenth of the time


@pytest.fixture(scope="session")
def server() -> Iterator[Path]:
    """The data directory of a running embedded PostgreSQL, which holds one migrated database to copy from."""
    with migrated_server() as home:
        yield home


@pytest.fixture(scope="session")
def copies(server: Path) -> Copies:
    """The copies of the migrated database, from which each test gets a fresh one."""
    return Copies(server)


@pytest.fixture
def database(server: Path, copies: Copies, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Engine]:
    """A fresh migrated database, named in the settings; the engine uses the application role."""
    name = copies.lend()
    monkeypatch.setenv("CASEBEAT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CASEBEAT_DATABASE_URL", postgres.url(server, database=name))
    monkeypatch.setenv("CASEBEAT_DATABASE_OWNER_URL", postgres.url(server, database=name, role="casebeat_owner"))
    try:
        engine = way.engine()
        yield engine
        copies.keep_connection(engine)
    finally:
        way.close()
        copies.take_back(name)


@pytest.fixture
def connection(database: Engine) -> Iterator[Connection]:
    """A connection as the application role, in a transaction that commits when the test ends well."""
    with database.begin() as opened:
        yield opened


@pytest.fixture
def superuser(server: Path) -> Callable[[str], None]:
    """Run a statement on the server as its superuser, outside any transaction."""
    return lambda statement: as_superuser(server, statement)


@pytest.fixture(scope="session")
def shared() -> Iterator[prefect.Prefect]:
    """One Prefect server for the tests that need any: it takes five seconds of a core to start."""
    with prefect.shared_server() as made:
        yield made


@pytest.fixture(scope="session")
def deployed(shared: prefect.Prefect) -> prefect.Prefect:
    """The shared server with everything deployed, and no schedule on."""
    prefect.deploy(shared)
    return shared


@pytest.fixture
def each_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what travels in people's letters leave by itself, as it reaches operations: a test reads its own words."""
    monkeypatch.setattr(outbox, "ENCLOSED", [])


@pytest.fixture
def run_cli() -> Callable[..., Ran]:
    """The real command line, in this process."""
    return casebeat.run_cli

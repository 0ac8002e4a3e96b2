"""Fixtures for every kind of test: a real PostgreSQL, a fresh database each, and the command line."""

import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import psycopg2
import pytest
from sqlalchemy import Connection, Engine

from config.settings import settings
from flows.command_line import main
from tasks import database as way
from tasks import migrate, postgres

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[Path]:
    """The data directory of a running embedded PostgreSQL, which holds one migrated database to copy from.

    Not in pytest's own folder: each run of pytest shuts that to other users, and root's server is another user's.
    """
    home = Path(tempfile.mkdtemp(prefix="casebeat-tests-"))
    try:
        postgres.start(home)
        for setting in ("fsync = off", "full_page_writes = off", "synchronous_commit = off"):
            as_superuser(home, f"alter system set {setting}")
        as_superuser(home, "select pg_reload_conf()")
        migrate.migrate(postgres.url(home, role="casebeat_owner"))
        as_superuser(home, "alter database casebeat with allow_connections false")  # so that it can always be copied
        yield home
    finally:
        postgres.stop(home)
        shutil.rmtree(home)


@pytest.fixture
def database(server: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Engine]:
    """A fresh migrated database, to which the settings point; the engine is the application role's."""
    name = f"test_{next(_numbers)}"
    as_superuser(server, f"create database {name} template casebeat owner casebeat_owner")
    monkeypatch.setenv("CASEBEAT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CASEBEAT_DATABASE_URL", postgres.url(server, database=name))
    monkeypatch.setenv("CASEBEAT_DATABASE_OWNER_URL", postgres.url(server, database=name, role="casebeat_owner"))
    settings.cache_clear()
    try:
        yield way.engine()
    finally:
        way.close()
        settings.cache_clear()
        as_superuser(server, f"drop database {name} with (force)")


@pytest.fixture
def connection(database: Engine) -> Iterator[Connection]:
    """A connection as the application role, in a transaction that commits when the test ends well."""
    with database.begin() as opened:
        yield opened


@pytest.fixture
def superuser(server: Path) -> Callable[[str], None]:
    """Run a statement on the server as its superuser, outside any transaction."""
    return lambda statement: as_superuser(server, statement)


@dataclass(frozen=True)
class Ran:
    """What a command did: its exit code, and what it printed."""

    code: int
    out: str
    err: str


@pytest.fixture
def run_cli() -> Callable[..., Ran]:
    """Call the real command line, in this process: `run_cli("obligations", "--json")`."""

    def call(*arguments: str) -> Ran:
        out, err = StringIO(), StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = main.run(arguments)
        return Ran(code, out.getvalue(), err.getvalue())

    return call


def as_superuser(home: Path, statement: str) -> None:
    """Run one statement in the maintenance database of `home`'s server."""
    with_host = postgres.url(home).partition("?host=")[2]
    opened = psycopg2.connect(host=with_host, user="postgres", dbname="postgres")
    try:
        opened.autocommit = True
        with opened.cursor() as cursor:
            cursor.execute(statement)
    finally:
        opened.close()

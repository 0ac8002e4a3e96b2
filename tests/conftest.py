"""Fixtures for every kind of test: a real PostgreSQL, a fresh database each, and the command line."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest
from sqlalchemy import Connection, Engine

from config.settings import settings
from tasks import database as way
from tasks import migrate, postgres

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The data directory of a running embedded PostgreSQL, which holds one migrated database to copy from."""
    home = tmp_path_factory.mktemp("server")
    postgres.start(home)
    try:
        for setting in ("fsync = off", "full_page_writes = off", "synchronous_commit = off"):
            as_superuser(home, f"alter system set {setting}")
        as_superuser(home, "select pg_reload_conf()")
        migrate.migrate(postgres.url(home, role="casebeat_owner"))
        yield home
    finally:
        postgres.stop(home)


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

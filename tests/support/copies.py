"""Databases that are fresh for each test.

Copying the migrated database takes a third of a second of a core, emptying a copy a fiftieth. So a copy in which a test
changed rows only is emptied and used for the next test, with a connection to it.
"""

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2
from sqlalchemy import Engine

from tasks.servers import migrate, postgres
from tests.support.kept_connection import KeptConnection

KEPT = 1000  # rows; a copy with more to delete is dropped: they would leave traces in files and statistics
SHAPED_BY = ("class", "attribute", "index", "constraint", "trigger", "proc", "rewrite", "depend", "db_role_setting")
SHAPE = " union all ".join(
    f"select count(*), max(xmin::text::bigint) from {table}"
    for table in ("alembic_version", *(f"pg_{name}" for name in SHAPED_BY))
)
TABLES = """select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
            and relname <> 'alembic_version'"""
END_OTHERS = """select pg_terminate_backend(pid, 10000) from pg_stat_activity
                where datname = current_database() and backend_type = 'client backend'
                and pid not in (pg_backend_pid(), {but})"""
LOGS = ("audit", "audit_seals")
LOG = "; ".join(
    f"alter table {name} {{0}} trigger audit_is_append_only" for name in LOGS
)  # disabled while one is emptied
REWIND = "select setval(seqrelid::regclass, seqstart, false) from pg_sequence"


@contextmanager
def migrated_server() -> Iterator[Path]:
    """Run an embedded PostgreSQL while the block runs, which holds one migrated database to copy from."""
    home = Path(tempfile.mkdtemp(prefix="casebeat-tests-"))
    try:
        postgres.start(home)
        never_wait_for_disks(home)
        migrate.migrate(postgres.url(home, role="casebeat_owner"))
        as_superuser(home, "alter database casebeat with allow_connections false")  # so that it can always be copied
        yield home
    finally:
        postgres.stop(home)
        shutil.rmtree(home)


class Copies:
    """The copies of one server; at most one of them waits for its next test."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._connection = KeptConnection()
        self._numbers = itertools.count(1)
        self._waiting = ""
        self._shape: list[Any] = []

    def lend(self) -> str:
        """Provide a database in its state after migration, by any name, perhaps with a connection."""
        name, self._waiting = self._waiting, ""
        if not name:
            name = f"test_{next(self._numbers)}"
            self.give(name)
        return name

    def give(self, name: str) -> None:
        """Provide a database `name` in its state after migration."""
        self._connection.close()
        if self._waiting:
            as_superuser(self.home, f"alter database {self._waiting} rename to {name}")
            self._waiting = ""
            return
        copy_database(self.home, "casebeat", name)
        with _superuser(self.home, name) as cursor:
            self._shape = _rows(cursor, SHAPE)

    def keep_connection(self, engine: Engine) -> None:
        """Keep a connection of an engine whose database is taken back next."""
        self._connection.keep(engine)

    def take_back(self, name: str) -> None:
        """Keep the database for the next test if it can be restored, or drop it."""
        try:
            emptied = self._emptied(name)
        except psycopg2.Error:  # of a table that was dropped, or a database that accepts no connection
            emptied = False
        if emptied:
            self._waiting = name
        else:
            as_superuser(self.home, f"drop database {name} with (force)")

    def _emptied(self, name: str) -> bool:
        with _superuser(self.home, name) as cursor:
            _rows(cursor, END_OTHERS.format(but=self._connection.process))
            if _rows(cursor, SHAPE) != self._shape or _delete_all(cursor) > KEPT:
                return False
            self._shape = _rows(cursor, SHAPE)
            return True


def copy_database(home: Path, template: str, name: str) -> None:
    """Copy a database without connections by its files: half the work of copying through the log."""
    as_superuser(home, f"create database {name} template {template} owner casebeat_owner strategy file_copy")


def as_superuser(home: Path, statement: str) -> None:
    """Run one statement in the maintenance database of `home`'s server."""
    with _superuser(home, "postgres") as cursor:
        cursor.execute(statement)


def never_wait_for_disks(home: Path) -> None:
    """Let `home`'s server, and copies of its files, lose data where the machine loses its power: tests outlive none."""
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        as_superuser(home, f"alter system set {setting} = off")
    as_superuser(home, "select pg_reload_conf()")


@contextmanager
def _superuser(home: Path, name: str) -> Iterator[Any]:
    where = postgres.url(home).partition("?host=")[2]
    with closing(psycopg2.connect(host=where, user="postgres", dbname=name)) as opened:
        opened.autocommit = True
        with opened.cursor() as cursor:
            yield cursor


def _delete_all(cursor: Any) -> int:
    cursor.execute("set session_replication_role = replica")  # in any order, whichever foreign keys there are
    cursor.execute(LOG.format("disable"))
    gone = 0
    for (table,) in _rows(cursor, TABLES):
        cursor.execute(f"delete from {table}")
        gone += cursor.rowcount
    cursor.execute(LOG.format("enable always"))
    cursor.execute(REWIND)
    return gone


def _rows(cursor: Any, statement: str) -> list[tuple[Any, ...]]:
    cursor.execute(statement)
    return list(cursor.fetchall())

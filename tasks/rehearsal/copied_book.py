"""The copied book: temporary copies of every table, on which the duties of a round work as on the tables themselves.

A session copies what a snapshot holds, and its copies last as long as it does. Each duty commits, so that PostgreSQL
uses the room of old rows again.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries import schema
from models.queries.rehearsal import answers, foreseen, shadows
from tasks.servers.database import enclose, enclosing, transaction, unshared_engine


class Snapshot(NamedTuple):
    """The database as it was at a moment, for every session that is given its id while the connection reads on."""

    id: str
    connection: Connection


@contextmanager
def one_snapshot() -> Iterator[Snapshot]:
    """Hold the database as it is now. Nothing is written."""
    with _own_session() as connection, connection.begin() as whole:
        yield Snapshot(schema.snapshot(connection), connection)
        whole.rollback()


@contextmanager
def copied(snapshot: str) -> Iterator[Connection]:
    """Give the block fresh copies of the tables as a snapshot holds them, to which each transaction inside belongs."""
    with _own_session() as connection:
        with connection.begin():
            shadows.adopt(connection, snapshot)
            shadows.give_room(connection)
            shadows.cover(connection)
            answers.prepare(connection)
            foreseen.prepare(connection)
        with enclose(connection):
            yield connection


def copy_here(snapshot: str) -> None:
    """Copy the tables for all transactions of this process to come."""
    _kept.enter_context(copied(snapshot))


@contextmanager
def nothing_else_written() -> Iterator[None]:
    """Let PostgreSQL refuse, inside the block, any write except to the copies."""
    with transaction() as connection:
        shadows.only_read(connection)
    yield
    with transaction() as connection:
        shadows.write_again(connection)


def clean() -> None:
    """Let PostgreSQL use the room of old rows again, and count the copies' rows for its plans."""
    connection = enclosing()
    kept = connection.get_isolation_level()
    connection.execution_options(isolation_level="AUTOCOMMIT")
    shadows.clean(connection)
    connection.execution_options(isolation_level=kept)


_kept = ExitStack()  # of a process that has copies of its own


@contextmanager
def _own_session() -> Iterator[Connection]:
    own = unshared_engine()
    try:
        with own.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            yield connection
    finally:
        own.dispose()

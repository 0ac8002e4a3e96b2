"""The copied book: temporary copies of every table, on which the duties of a round work as on the tables themselves."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from models.queries.rehearsal import shadows
from tasks.platform.database import enclose, unshared_engine


@contextmanager
def one_transaction() -> Iterator[Connection]:
    """Open the one transaction of a rehearsal, to which every other of this process belongs; it is rolled back.

    It sees the database as it was at its beginning. Its session is its own.
    """
    own = unshared_engine()
    try:
        repeatable = own.connect().execution_options(isolation_level="REPEATABLE READ")
        with repeatable as connection, connection.begin() as whole:
            shadows.give_room(connection)
            try:
                with enclose(connection):
                    yield connection
            finally:
                whole.rollback()
    finally:
        own.dispose()


@contextmanager
def copied(connection: Connection) -> Iterator[None]:
    """Give the block fresh copies of the tables."""
    shadows.cover(connection)
    yield
    shadows.uncover(connection)


@contextmanager
def nothing_else_written(connection: Connection) -> Iterator[None]:
    """Let PostgreSQL refuse, inside the block, any write except to the copies."""
    with connection.begin_nested():
        shadows.only_read(connection)
        yield

"""The way to the database: one engine per URL, as the application's role, and `transaction()`."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any
from weakref import WeakSet

import psycopg2
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.pool import ConnectionPoolEntry

from config.settings import settings
from models import migrations
from models.errors import Refuse
from models.queries import schema
from tasks.platform import migrate, postgres

APPLICATION = "casebeat_app"
# Statements may take as long as a whole book does; locks and dead peers are not waited for. Milliseconds and seconds.
_OPTIONS = "-c statement_timeout=900000 -c lock_timeout=30000 -c idle_in_transaction_session_timeout=900000"
_CONNECT = {
    "connect_timeout": 10,
    "keepalives": 1,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60000,
    "application_name": "casebeat",
}


def engine(url: str | None = None) -> Engine:
    """The engine of `url`, or of the settings: application role, schema checked. One per URL.

    Raises Refuse where the database is out of reach, or its schema is not this code's. The embedded database is
    started, and migrated, by the first to ask.
    """
    if url is None and settings().database_url is None:
        return _embedded(settings().home)
    return _checked(url or application_url())


def owner_engine(url: str | None = None) -> Engine:
    """The engine of the role that owns the tables, for migrations only; the caller disposes of it."""
    return _engine(url or owner_url(), role=None)


@contextmanager
def transaction(url: str | None = None) -> Iterator[Connection]:
    """One transaction on one connection: commits at the end, rolls back on any error."""
    with engine(url).begin() as connection:
        yield connection


def application_url() -> str:
    """Where the application's data is: the settings' URL, else the embedded server's, which is started."""
    configured = settings().database_url
    if configured is not None:
        return configured.get_secret_value()
    postgres.start(settings().home)
    return postgres.url(settings().home)


def owner_url() -> str:
    """The same database as its owner: `database_owner_url`, else `database_url`, else the embedded server's."""
    configured = settings().database_owner_url or settings().database_url
    if configured is not None:
        return configured.get_secret_value()
    postgres.start(settings().home)
    return postgres.url(settings().home, role="casebeat_owner")


def close() -> None:
    """Close every engine; the next use opens a new one (after a fork, and between tests)."""
    for each in _opened:
        each.dispose()
    _opened.clear()
    _embedded.cache_clear()
    _checked.cache_clear()


def cancel() -> None:
    """Call off every statement of this process that still runs, from any thread; its caller hears of it as an error."""
    for connection in list(_connections):
        with suppress(psycopg2.Error):
            connection.cancel()


_opened: list[Engine] = []
_connections: WeakSet[Any] = WeakSet()  # the driver's own


@cache
def _embedded(home: Path) -> Engine:
    """The embedded server's: started by the first to ask, and again by whoever connects after it went."""
    made = _checked(application_url())
    event.listen(made, "do_connect", lambda *_: postgres.start(home))
    return made


@cache
def _checked(url: str) -> Engine:
    made = _engine(url, role=APPLICATION)
    _opened.append(made)
    if settings().database_url is None and _revision(made) != migrations.HEAD:
        migrate.migrate(owner_url())
    _check(_revision(made))
    return made


def _engine(url: str, role: str | None) -> Engine:
    _mute()
    parts = migrate.database_url(url)
    made = create_engine(
        parts,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=5,
        max_overflow=20,
        connect_args={**_CONNECT, "options": f"{parts.query.get('options', '')} {_OPTIONS}".strip()},
    )
    event.listen(made, "handle_error", _hush)
    event.listen(made, "connect", lambda connection, _: _connections.add(connection))
    if role is not None and parts.username != role:
        _become(made, role)
    return made


@cache
def _mute() -> None:
    """Let a connection that breaks print nothing: SQLAlchemy's pool and the driver would print rows, in tracebacks.

    The driver has `sys.excepthook` print what it cannot raise, with the line of a COPY that the server was reading.
    """
    logging.getLogger("sqlalchemy").setLevel(logging.CRITICAL)
    before = sys.excepthook

    def unless_of_the_database(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        cause: BaseException | None = error
        while cause is not None and not isinstance(cause, psycopg2.Error):
            cause = cause.__cause__ or cause.__context__
        if cause is None:
            before(kind, error, trace)

    sys.excepthook = unless_of_the_database


def _hush(context: ExceptionContext) -> None:
    """Take the values out of an error's words: PostgreSQL quotes rows and statements in them. The pgcode stays."""
    original = context.original_exception
    told = f"{type(original).__name__}, pgcode {getattr(original, 'pgcode', None)}"
    original.args = (told,)
    if context.sqlalchemy_exception is not None:
        context.sqlalchemy_exception.args = (told,)


def _become(made: Engine, role: str) -> None:
    """Let a connection that may do more do only what the application may: once the role is there and is granted."""

    @event.listens_for(made, "connect")
    def become(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        del record
        cursor = connection.cursor()
        cursor.execute(
            "select set_config('role', rolname, false) from pg_roles where rolname = %s and pg_has_role(oid, 'member')",
            (role,),
        )
        connection.commit()
        cursor.close()


def _revision(made: Engine) -> str | None:
    try:
        with made.connect() as connection:
            return schema.revision(connection)
    except OperationalError:
        raise Refuse(migrate.OUT_OF_REACH) from None
    except ProgrammingError as error:
        if getattr(error.orig, "pgcode", None) is None:
            raise Refuse(migrate.NO_ADDRESS) from None
        raise Refuse(
            f"The role of CASEBEAT_DATABASE_URL may not read Casebeat's tables (pgcode "
            f"{getattr(error.orig, 'pgcode', None)}): grant {APPLICATION} to it. Nothing was done."
        ) from None


def _check(revision: str | None) -> None:
    if revision is None:
        raise Refuse("The database has no tables of Casebeat's yet: run casebeat migrate. Nothing was done.")
    if revision < migrations.HEAD:
        raise Refuse(f"The database is at revision {revision}, older than this code: run casebeat migrate.")
    if revision > migrations.HEAD:
        raise Refuse(f"The database is at revision {revision}, newer than this code: upgrade Casebeat.")

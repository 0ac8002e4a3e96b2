"""Database access: one engine per URL, connected as the application's role, and `transaction()`."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from threading import RLock
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
from tasks.platform.home import close_to_others
from tasks.servers import migrate, postgres

APPLICATION = "casebeat_app"
# Milliseconds. A statement may process every case of a force; a lock is given up after 30 seconds. Then seconds: the
# server notices within a minute that a machine is gone, and frees the locks of its rounds. A kept plan is made once.
_OPTIONS = (
    "-c statement_timeout=900000 -c lock_timeout=30000 -c idle_in_transaction_session_timeout=900000 "
    "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3 "
    "-c plan_cache_mode=force_generic_plan"
)


def engine() -> Engine:
    """Return the one engine of the settings' database, with the application role and a checked schema.

    Raises Refuse if the database cannot be reached or its schema does not match this code. The first call starts the
    embedded database, and makes its tables where it has none; an older one waits for `casebeat migrate`.
    """
    if (configured := settings()).database_url is None:
        return _embedded(configured.home)
    return _checked(application_url())


def owner_engine() -> Engine:
    """Return an engine of the role that owns the tables, for migrations only. The caller disposes of it."""
    return _engine(owner_url(), role=None)


def unshared_engine() -> Engine:
    """Return an engine whose sessions nobody has used before, as the application role. The caller disposes of it."""
    engine()  # started, and of this code's schema
    return _engine(application_url(), role=APPLICATION)


@contextmanager
def transaction() -> Iterator[Connection]:
    """Open one transaction on one connection: commit at the end, roll back on any error."""
    if _enclosing:
        one = _enclosing[-1]
        with _one_at_a_time, one.begin_nested() if one.in_transaction() else one.begin():
            yield one
        return
    with engine().begin() as connection:
        yield connection


@contextmanager
def enclose(connection: Connection) -> Iterator[None]:
    """Make every `transaction()` of this process one of this connection, inside the block. Threads take turns.

    Inside another, it is a savepoint.
    """
    _enclosing.append(connection)
    try:
        yield
    finally:
        _enclosing.pop()


def enclosing() -> Connection:
    """Return the connection of which every transaction of this process is one."""
    return _enclosing[-1]


def application_url() -> str:
    """Return the settings' database URL; without one, start the embedded server and return its URL."""
    configured = settings().database_url
    if configured is not None:
        return configured.get_secret_value()
    postgres.start(settings().home)
    return postgres.url(settings().home)


def owner_url() -> str:
    """Return the owner's URL of that database: `database_owner_url`, else `database_url`, else the embedded one."""
    configured = settings().database_owner_url or settings().database_url
    if configured is not None:
        return configured.get_secret_value()
    postgres.start(settings().home)
    return postgres.url(settings().home, role="casebeat_owner")


def close() -> None:
    """Close every engine, after a fork or between tests. The next use opens a new one."""
    for each in _opened:
        each.dispose()
    _opened.clear()
    _embedded.cache_clear()
    _checked.cache_clear()


def cancel() -> None:
    """Cancel every running statement of this process, from any thread. Its caller gets an error."""
    for connection in list(opened):
        with suppress(psycopg2.Error):
            connection.cancel()


_enclosing: list[Connection] = []  # one at most: that of a rehearsal
_one_at_a_time = RLock()
_opened: list[Engine] = []
opened: WeakSet[Any] = WeakSet()  # psycopg2 connections


@cache
def _embedded(home: Path) -> Engine:
    """Return the embedded server's engine. Each new connection starts the server again if it has stopped."""
    made = _checked(application_url())

    @event.listens_for(made, "do_connect")
    def start(*_: object) -> None:  # SQLAlchemy takes whatever else it returns for a connection
        postgres.start(home)

    return made


@cache
def _checked(url: str) -> Engine:
    close_to_others(settings().home)
    made = _engine(url, role=APPLICATION)
    _opened.append(made)
    if settings().database_url is None and _revision(made) is None:
        migrate.make_tables(owner_url())
    _check(_revision(made))
    return made


def _engine(url: str, role: str | None) -> Engine:
    _silence_driver_output()
    parts = migrate.database_url(url)
    made = create_engine(
        parts,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_use_lifo=True,  # the session used last has the plans that are kept
        pool_size=5,
        max_overflow=20,
        connect_args={**migrate.CONNECT, "options": f"{parts.query.get('options', '')} {_OPTIONS}".strip()},
    )
    event.listen(made, "handle_error", _redact_error)
    event.listen(made, "connect", lambda connection, _: opened.add(connection))
    if role is not None and parts.username != role:
        _set_role_on_connect(made, role)
    return made


@cache
def _silence_driver_output() -> None:
    """Keep broken connections from printing rows: SQLAlchemy's pool and psycopg2 would put them into tracebacks.

    psycopg2 passes errors that it cannot raise to `sys.excepthook`, with the COPY line that the server was reading.
    """
    logging.getLogger("sqlalchemy").setLevel(logging.CRITICAL)
    previous_hook = sys.excepthook

    def skip_database_errors(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        cause: BaseException | None = error
        while cause is not None and not isinstance(cause, psycopg2.Error):
            cause = cause.__cause__ or cause.__context__
        if cause is None:
            previous_hook(kind, error, trace)

    sys.excepthook = skip_database_errors


def _redact_error(context: ExceptionContext) -> None:
    """Reduce an error's text to its type and pgcode, since PostgreSQL quotes rows and statements in it."""
    original = context.original_exception
    redacted = f"{type(original).__name__}, pgcode {getattr(original, 'pgcode', None)}"
    original.args = (redacted,)
    if context.sqlalchemy_exception is not None:
        context.sqlalchemy_exception.args = (redacted,)


def _set_role_on_connect(made: Engine, role: str) -> None:
    """Restrict each connection to the application's role, if that role exists and is granted to the login."""

    @event.listens_for(made, "connect")
    def set_role(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
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
        raise Refuse("The database has no Casebeat tables yet: run casebeat migrate. Nothing was done.")
    migrations.refuse_other(revision)

"""The connection that outlives a test together with its database: PostgreSQL keeps plans while a connection lasts.

To plan the statements of a round takes a fifth of a second of a core, longer than to run them on a small book.
"""

from contextlib import suppress
from typing import Any

import psycopg2
from psycopg2.extensions import STATUS_READY
from sqlalchemy import Engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import Pool

AS_IT_BEGAN = "reset all; discard temp; unlisten *; close all; select pg_advisory_unlock_all()"


class KeptConnection:
    """At most one idle connection, which the next engine of its database and role gets as its first."""

    def __init__(self) -> None:
        self._raw: Any = None
        self._info: dict[Any, Any] = {}  # SQLAlchemy's: the names of the kept plans
        event.listen(Engine, "do_connect", self._given_for)
        event.listen(Pool, "connect", self._told)

    @property
    def process(self) -> int:
        """The id of its server process; 0 where none is kept."""
        return int(self._raw.info.backend_pid) if self._raw is not None else 0

    def keep(self, engine: Engine) -> None:
        """Take a connection out of an engine's pool, if it has an idle one, in the state in which it began."""
        self.close()
        with suppress(SQLAlchemyError, psycopg2.Error):
            if engine.pool.checkedin():  # type: ignore[attr-defined]  # of a QueuePool
                lent = engine.raw_connection()
                lent.detach()
                self._raw, self._info = lent.dbapi_connection, lent.info
                self._restore()

    def close(self) -> None:
        if self._raw is not None:
            self._raw.close()
        self._raw, self._info = None, {}

    def _restore(self) -> None:
        with self._raw.cursor() as cursor:
            cursor.execute(AS_IT_BEGAN)
        self._raw.commit()
        self._raw.cursor_factory = None

    def _given_for(self, _dialect: object, _record: object, _given: object, asked: dict[str, Any]) -> Any:
        raw = self._raw
        if raw is None or raw.closed or raw.status != STATUS_READY:
            return None
        kept = raw.info
        same = (kept.dbname, kept.user, kept.host, kept.options)
        if same != (asked.get("dbname"), asked.get("user"), asked.get("host"), asked.get("options", "")):
            return None
        self._raw = None
        return raw

    def _told(self, _raw: Any, record: Any) -> None:
        if self._info and self._raw is None:
            record.info.update(self._info)
            self._info = {}

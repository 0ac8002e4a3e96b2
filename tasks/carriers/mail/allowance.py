"""The allowance of a mailbox: so many connections at once, of all machines together, and so many letters a minute."""

import time
from collections import deque
from contextlib import suppress

import psycopg2
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from config.mail import Mail
from config.routes import Channel
from models.queries.outbox import workers
from tasks.carriers.carrier import Busy

MINUTE = 60.0


class Allowance:
    """One delivery's part: a connection of its own, and that connection's share of the letters.

    The connections share the pace equally, so that no process needs to know what another has sent.
    """

    def __init__(self, mail: Mail, database: Engine) -> None:
        self._connections, self._database = mail.connections, database
        self._session: Connection | None = None
        self._place: int | None = None
        self._sent: deque[float] | None = deque(maxlen=mail.pace // max(1, mail.connections)) if mail.pace else None

    def rest(self) -> float:
        """Return the seconds until another letter may leave."""
        if self._sent is None or len(self._sent) < (self._sent.maxlen or 0):
            return 0.0
        return max(0.0, self._sent[0] + MINUTE - time.monotonic())

    def take(self) -> None:
        """Take a connection, once. Raises Busy where every one is another delivery's."""
        if not self._connections or self._place is not None:
            return
        if self._session is None:
            self._session = self._database.connect().execution_options(isolation_level="AUTOCOMMIT")
        self._place = workers.take_connection(self._session, Channel.EMAIL, self._connections)
        if self._place is None:
            raise Busy("other deliveries use every connection that mail.connections allows")

    def spend(self) -> None:
        """Count a letter that leaves now."""
        if self._sent is not None:
            self._sent.append(time.monotonic())

    def end(self) -> None:
        """Give the connection back."""
        if self._session is not None:
            with suppress(DBAPIError, psycopg2.Error):  # a session that is lost holds nothing
                if self._place is not None:
                    workers.give_back_connection(self._session, Channel.EMAIL, self._place)
                self._session.close()
        self._session = self._place = None

"""Reads of the clocks that the machine's own is compared with: the database's, and those of the sources."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import first_as, one_as

ON_ANOTHER_MACHINE = """coalesce(not inet_server_addr() <<= '127.0.0.0/8' and not inet_server_addr() <<= '::1/128',
                                  false)"""


class DatabaseClock(NamedTuple):
    """What the database's clock shows, and whether another machine keeps it."""

    at: datetime
    elsewhere: bool


class LatestExtract(NamedTuple):
    """The source whose loaded extract was taken last, and when."""

    source: str
    at: datetime


def of_database(connection: Connection) -> DatabaseClock:
    """Read the database's clock. A server that answers on a socket or a loopback address keeps this machine's."""
    statement = f"select clock_timestamp() as at, {ON_ANOTHER_MACHINE} as elsewhere"
    return one_as(connection, DatabaseClock, statement)


def latest_extract(connection: Connection, tolerance: timedelta) -> LatestExtract | None:
    """Return the extract that was taken last; None where no source has sent any.

    One that was ahead of the clock by more than `tolerance` when it was loaded, as earlier versions allowed, tells
    nothing: its source's clock was wrong.
    """
    statement = """
        select s.name as source, s.last_extracted_at as at from sources s
        where s.agency is not null and not exists (
              select from extracts e where e.source_name = s.name and e.state = 'loaded'
              and e.extracted_at = s.last_extracted_at and e.extracted_at > e.judged_at + %s)
        order by s.last_extracted_at desc, s.name limit 1"""
    return first_as(connection, LatestExtract, statement, (tolerance,))

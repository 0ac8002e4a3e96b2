"""Erasing the beginning of the audit log, by the role that owns it, and the row from which on it proves the rest.

The row is one of the log: it names the last seal that went and its digest, which the next seal is made of, and is
sealed itself.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import execute, first_as, one_as

ABOUT = "audit"
_TABLES = ("audit", "audit_seals")


class OldSeals(NamedTuple):
    """The seals from the first to `last`, and how many rows they cover. `last` is None where there are none."""

    last: int | None
    seals: int
    rows: int


class Checkpoint(NamedTuple):
    """The last seal that was erased, its digest in hexadecimal digits, how many rows went with it, when and by whom."""

    number: int
    digest: str
    rows: int
    at: datetime
    by: str


def old_seals(connection: Connection, before: datetime, most: int | None = None) -> OldSeals:
    """Return the seals made before a moment, at most so many; never the last one, which the next is made of."""
    statement = """
        select max(number) as last, count(*) as seals, coalesce(sum(row_count), 0) as rows from (
            select number, row_count from audit_seals
            where sealed_at < %(before)s and number < (select max(number) from audit_seals)
            order by number limit %(most)s) oldest"""
    return one_as(connection, OldSeals, statement, {"before": before, "most": most})


def erase(connection: Connection, last: int) -> None:
    """Erase the seals up to a number with their rows. The caller owns the tables, and records the checkpoint."""
    execute(connection, "set local lock_timeout = '30s'")  # nobody waits for longer behind this one
    for table in _TABLES:
        execute(connection, f"alter table {table} disable trigger audit_is_append_only")
    statement = """
        delete from audit a using (select unnest(ids) as piece from audit_seals where number <= %s) old
        where a.id >= lower(old.piece) and a.id < upper(old.piece)"""
    execute(connection, statement, (last,))
    execute(connection, "delete from audit_seals where number <= %s", (last,))
    for table in _TABLES:
        execute(connection, f"alter table {table} enable always trigger audit_is_append_only")


def of_seal(connection: Connection, number: int) -> Checkpoint | None:
    """Return the checkpoint that names a seal as the last that was erased; None if there is none."""
    statement = """
        select (detail->>'seal')::bigint as number, detail->>'digest' as digest,
               (detail->>'rows')::bigint as rows, at, by
        from audit where verb = 'erasure' and about = %s and detail->>'seal' = %s::text order by id limit 1"""
    return first_as(connection, Checkpoint, statement, (ABOUT, number))

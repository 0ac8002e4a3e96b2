"""Who holds claimed messages: a worker, while its session lives and its lease lasts on the database's clock."""

from uuid import UUID

from sqlalchemy import Connection

from config.terms import State
from models.queries.driver import fetch

# The two halves of a holder's advisory key, as pg_locks shows them, from the token that its rows carry.
_HOLDER_IS_GONE = """not exists (
    select from pg_locks l join pg_database d on d.oid = l.database and d.datname = current_database()
    where l.locktype = 'advisory' and l.objsubid = 1
      and l.classid::bigint = ('x' || substr(replace(m.lease_token::text, '-', ''), 1, 8))::bit(32)::bigint
      and l.objid::bigint = ('x' || substr(replace(m.lease_token::text, '-', ''), 9, 8))::bit(32)::bigint)"""


def lock_key(token: UUID) -> int:
    """The advisory key that a worker holds for as long as it lives: the token's first 64 bits, signed."""
    key = token.int >> 64
    return key - 2**64 if key >= 2**63 else key


def stand(connection: Connection, token: UUID) -> None:
    """Hold the worker's advisory lock on this session: what it claims is free again when the session ends."""
    fetch(connection, "select pg_advisory_lock(%s)", (lock_key(token),))


def leave(connection: Connection, token: UUID) -> None:
    """Give the worker's lock back; the session goes on."""
    fetch(connection, "select pg_advisory_unlock(%s)", (lock_key(token),))


def reap(connection: Connection) -> list[tuple[int, State]]:
    """What dead or hanging holders left behind: the messages, and the state in which each was left."""
    rows = fetch(
        connection,
        f"""select m.id, m.state from messages m
            where m.state in ('claimed', 'sending') and (m.lease_until < now() or {_HOLDER_IS_GONE})
            order by m.id for update skip locked""",
    )
    return [(row[0], State(row[1])) for row in rows]

"""Reads and locks of the workers that hold claimed messages.

A worker holds a message while its session lives and its lease lasts on the database's clock.
"""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from config.terms import State
from models.queries.driver import execute, fetch_as, scalar
from models.rules.outbox.message_states import HELD


class AbandonedMessage(NamedTuple):
    """A message that a dead or hanging worker left behind, and its state."""

    id: int
    state: State


# The two halves of a holder's advisory key, as pg_locks shows them, from the token in the rows of its messages.
_HOLDER_IS_GONE = """not exists (
    select from pg_locks l join pg_database d on d.oid = l.database and d.datname = current_database()
    where l.locktype = 'advisory' and l.objsubid = 1
      and l.classid::bigint = ('x' || substr(replace(m.lease_token::text, '-', ''), 1, 8))::bit(32)::bigint
      and l.objid::bigint = ('x' || substr(replace(m.lease_token::text, '-', ''), 9, 8))::bit(32)::bigint)"""


def lock_key(token: UUID) -> int:
    """Return the advisory key that a worker holds while it lives: the token's first 64 bits, signed."""
    key = token.int >> 64
    return key - 2**64 if key >= 2**63 else key


def register(connection: Connection, token: UUID) -> None:
    """Take the worker's advisory lock in this session; the messages that it claims are released when that ends."""
    execute(connection, "select pg_advisory_lock(%s)", (lock_key(token),))


def unregister(connection: Connection, token: UUID) -> None:
    """Release the worker's lock; the session goes on."""
    execute(connection, "select pg_advisory_unlock(%s)", (lock_key(token),))


def abandoned(connection: Connection) -> list[AbandonedMessage]:
    """Return the messages that dead or hanging workers left behind, locked until commit."""
    statement = f"""
        select m.id, m.state from messages m
        where m.state in {HELD} and (m.lease_until < now() or {_HOLDER_IS_GONE})
        order by m.id for update skip locked"""
    return fetch_as(connection, AbandonedMessage, statement)


def take_connection(connection: Connection, channel: str, most: int) -> int | None:
    """Take one of a carrier's `most` connections in this session, which holds it until it ends; None if all are."""
    for place in range(1, most + 1):
        free = "select pg_try_advisory_lock(hashtext('casebeat ' || %s), %s)"
        if scalar(connection, free, (channel, place)):
            return place
    return None


def give_back_connection(connection: Connection, channel: str, place: int) -> None:
    """Give a carrier's connection back; the session goes on."""
    execute(connection, "select pg_advisory_unlock(hashtext('casebeat ' || %s), %s)", (channel, place))

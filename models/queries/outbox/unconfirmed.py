"""Reads and writes of messages that may or may not have arrived: which to ask about, and which to ask about later."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.terms import State
from models.queries.driver import execute, first_as, scalars
from models.queries.outbox.outbox import SIGN
from models.rules.outbox.message_states import GONE, MOST_TRIES, REPEAT


class UnconfirmedMessage(NamedTuple):
    """A message whose carrier gave no answer.

    `twice`: it was sent once more without an answer, or has had all its attempts. An attempt whose worker died does not
    count, since that worker may never have sent it.
    """

    id: int
    key: str
    sign: str
    to: str
    body: bytes
    sending_at: datetime
    tries: int
    twice: bool


def ids(connection: Connection, channel: str, *, searchable: bool) -> list[int]:
    """Return the messages of a channel that may be asked about by now, those without an answer for longest first.

    A message of a `searchable` channel is looked for only after a while, when it is visible if it was sent; a message
    that is sent again without a search, such as an e-mail, needs no such wait.
    """
    statement = f"""
        select id from messages
        where state = '{State.UNKNOWN}' and channel = %s and (not %s or lease_until < now())
        order by sending_at, id"""
    return scalars(connection, statement, (channel, searchable))


def take(connection: Connection, message_id: int) -> UnconfirmedMessage | None:
    """Return an unknown message, locked until commit; None where another worker has it or has settled it."""
    statement = f"""
        select id, key, {SIGN} as sign, coalesce(remote_ref, '') as "to", coalesce(body, '') as body, sending_at,
                attempts as tries,
               starts_with(reason, %s) and right(reason, length(%s)) <> %s or attempts >= %s as twice
        from messages m where id = %s and state = '{State.UNKNOWN}' for update skip locked"""
    return first_as(connection, UnconfirmedMessage, statement, (REPEAT, GONE, GONE, MOST_TRIES, message_id))


def ask_later(connection: Connection, message_id: int, seconds: int) -> None:
    """Leave a message unknown, to be asked about again after some seconds."""
    statement = f"""
        update messages set lease_until = now() + make_interval(secs => %s)
        where id = %s and state = '{State.UNKNOWN}'"""
    execute(connection, statement, (seconds, message_id))

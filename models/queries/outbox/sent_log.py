"""Reads and writes that compare the outbox of a restored book with what a mail server has sent."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.routes import Channel
from config.terms import State
from models.outbox import NAMED
from models.queries.driver import execute, fetch_as
from models.queries.outbox.outbox import SIGN
from models.rules.outbox.message_states import REPEAT, SAID, WAITING


class WaitingMail(NamedTuple):
    """A mail that would leave, or leave again: its name outside, its reader's address, and since when it is due."""

    id: int
    key: str
    sign: str
    address: str | None  # None: that of operations
    due_at: datetime


class SaidMail(NamedTuple):
    """A mail of which the book knows that it left: the name in its Message-ID, its row, the server's answer."""

    name: str
    id: int
    answer: str


def waiting(connection: Connection) -> list[WaitingMail]:
    """Return the mails that would leave, locked until commit; what travels in letters goes with its letter."""
    statement = f"""
        select m.id, m.key, {SIGN} as sign, lower(c.email) as address, m.due_at
        from messages m left join contacts c on c.contact_ref = m.contact_ref
        where m.channel = '{Channel.EMAIL}' and m.letter_id is null
          and (m.state in {WAITING} or m.state = '{State.UNKNOWN}')
        order by m.id for update of m skip locked"""
    return fetch_as(connection, WaitingMail, statement)


def said(connection: Connection, since: datetime) -> list[SaidMail]:
    """Return the mails that left since a moment, as the book knows."""
    statement = f"""
        select {NAMED} as name, id, coalesce(remote_ref, '') as answer from messages
        where channel = '{Channel.EMAIL}' and letter_id is null and state in {SAID} and state <> '{State.UNKNOWN}'
          and sent_at >= %s"""
    return fetch_as(connection, SaidMail, statement, (since,))


def leave(connection: Connection, message_id: int, at: datetime) -> None:
    """Record when a mail left, as its worker did whose record is lost, so that it can be settled as sent."""
    statement = f"update messages set state = '{State.UNKNOWN}', sending_at = %s where id = %s"
    execute(connection, statement, (at, message_id))


def mark(connection: Connection, ids: Sequence[int]) -> int:
    """Have these mails leave marked as possible repeats; return how many were not yet."""
    statement = f"""
        update messages set reason = %s
        where id = any(%s) and state in {WAITING} and not starts_with(reason, %s)"""
    return execute(connection, statement, (REPEAT, list(ids), REPEAT))

"""Delivery in a rehearsal: what is due has left, with no carrier and without being composed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from config.message_kinds import ENCLOSED
from config.terms import State
from models.queries.driver import execute, fetch_as
from models.queries.outbox.outbox import SIGN, ClaimedMessage
from models.rules.outbox.message_states import WAITING


def due(connection: Connection, by: datetime, *, letters: bool) -> list[int]:
    """Return the ids of the messages that leave before a moment; letters leave on working days alone."""
    return [message.id for message in _due(connection, by, letters=letters, waited=False)]


def waited(connection: Connection, by: datetime, *, letters: bool) -> list[ClaimedMessage]:
    """Return those of them that hold something decided on an earlier day, which may be true no more."""
    return _due(connection, by, letters=letters, waited=True)


def sending(connection: Connection, ids: Sequence[int], at: datetime) -> None:
    """Mark messages as being sent at a moment."""
    statement = f"update messages set state = '{State.SENDING}', sending_at = greatest(due_at, %s) where id = any(%s)"
    execute(connection, statement, (at, list(ids)))


def _due(connection: Connection, by: datetime, *, letters: bool, waited: bool) -> list[ClaimedMessage]:
    statement = f"""
        select m.id, m.key, m.kind, m.contact_ref, m.channel, m.day, m.standing, m.hard, m.text, m.attempts,
               m.reason, m.body, {SIGN} as sign
        from messages m
        where m.letter_id is null and m.state in {WAITING} and m.due_at < %(by)s
          and (m.kind <> 'letter' or %(letters)s) and (m.contact_ref is null or m.kind <> all(%(enclosed)s))
          and (not %(waited)s or exists (select from notifications n where n.message_id = m.id and n.day < m.day))
        order by m.id"""
    given = {"by": by, "letters": letters, "enclosed": ENCLOSED, "waited": waited}
    return fetch_as(connection, ClaimedMessage, statement, given)

"""The names of erased cases that the audit log keeps, by which pages and mails outside the tables are found."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from config.routes import Channel
from config.terms import Verb
from models.queries.driver import fetch_as, scalars
from models.queries.outbox.naming import messages_naming
from models.queries.retention.holds import KEPT
from models.rules.outbox.message_states import UNDERWAY


class ErasedCase(NamedTuple):
    """What an audit row says of an erased case: its own number, the case as FORCE/CASE_REF, and its actions."""

    id: int
    ref: str
    actions: list[str]


def erased_since(connection: Connection, row: int) -> list[ErasedCase]:
    """Return the cases that were erased after an audit row, in the order of their rows."""
    statement = f"""
        select id, ref, array(select jsonb_array_elements_text(coalesce(detail->'actions', '[]'))) as actions
        from audit where id > %s and verb = '{Verb.ERASURE}' and about = 'case' order by id"""
    return fetch_as(connection, ErasedCase, statement, (row,))


def kept_keys(connection: Connection, until: date) -> frozenset[str]:
    """Return the keys of the e-mails that are kept: those after a day, on their way, or of a case that is held."""
    statement = f"""
        select m.key from messages m where m.channel = '{Channel.EMAIL}' and (
            m.day > %(until)s or m.state in {UNDERWAY}
            or m.id in (select message_id from ({messages_naming(KEPT)}) named))"""
    return frozenset(scalars(connection, statement, {"until": until}))


def keys(connection: Connection) -> frozenset[str]:
    """Return the keys of all e-mails."""
    return frozenset(scalars(connection, f"select key from messages where channel = '{Channel.EMAIL}'"))

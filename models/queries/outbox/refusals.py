"""Reads that judge refusals: whom a carrier accepted, and somebody whom it should accept again."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection

from config.terms import State
from models.queries.driver import mapping, scalar, scalars
from models.rules.outbox.message_states import WAITING

OPERATIONS = "operations"  # stands for operations among those to whom messages go
_TO = f"coalesce(m.contact_ref, '{OPERATIONS}')"


def accepted_since(connection: Connection, channel: str, since: datetime) -> int:
    """Count the recipients of whom a carrier accepted a message since a moment."""
    statement = f"""
        select count(distinct {_TO}) from messages m
        where m.channel = %s and m.state = '{State.SENT}' and m.sent_at >= %s"""
    return int(scalar(connection, statement, (channel, since)))


def accepted_before(connection: Connection, channel: str, refs: Sequence[str]) -> list[str]:
    """Return those of these recipients of whom a carrier ever accepted a message."""
    statement = f"""
        select distinct {_TO} from messages m
        where m.channel = %s and m.state = '{State.SENT}' and {_TO} = any(%s)"""
    return scalars(connection, statement, (channel, list(refs)))


def colleagues(
    connection: Connection, channel: str, refused: Sequence[str], domains: Sequence[str], today: date
) -> dict[str, str]:
    """Return by domain the address there of whom a carrier accepted last, beside those that it refused and who left."""
    domain = "lower(split_part(c.email, '@', 2))"
    statement = f"""
        select distinct on ({domain}) {domain} as domain, c.email
        from messages m join contacts c on c.contact_ref = m.contact_ref
        where m.channel = %s and m.state = '{State.SENT}' and m.contact_ref <> all(%s) and {domain} = any(%s)
          and coalesce(c.active_to >= %s, true) and coalesce(c.withdrawn_on > %s, true)
        order by {domain}, m.sent_at desc"""
    return mapping(connection, "domain", "email", statement, (channel, list(refused), list(domains), today, today))


def waits(connection: Connection, channel: str) -> bool:
    """Return whether any message of a carrier waits, whenever it is due."""
    statement = f"""
        select exists (select from messages
                       where channel = %s and letter_id is null and state in {WAITING})"""
    return bool(scalar(connection, statement, (channel,)))

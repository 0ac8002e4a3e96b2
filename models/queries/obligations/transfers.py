"""Reads of cases that were transferred to another force, and writes and reads of the messages about them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.terms import State
from models.queries.driver import execute, fetch_as

_LINKED = "from cases l where l.urn_key_id = c.urn_key_id and l.force_code <> c.force_code"  # of other forces
_THERE = f"{_LINKED} and l.finalised_reason is distinct from 'transferred'"  # one that was passed on is nobody's there
_FOLLOWED = "({0}.classification <> 'other' or {0}.declassified_on is not null)"  # (once) stalking or harassment


class TransferSide(NamedTuple):
    """One force that has not been told yet of a case's transfer: where it came from, or where a linked case is."""

    about: str  # the case's id, the force and the day on which the transfer was seen
    force_code: str
    barred: frozenset[str]


def untold(connection: Connection) -> list[TransferSide]:
    """Return the forces that are to be told of a transfer that an extract brought; each once."""
    statement = f"""
        select told.about, side.force_code, c.barred
        from disclosed c
        cross join lateral (select c.force_code union select l.force_code {_THERE}) side
        cross join lateral (
            select c.id || ':' || side.force_code || ':' || to_char(c.transfer_seen_on, 'YYYY-MM-DD')) told(about)
        where c.transfer_seen_on is not null and {_FOLLOWED.format("c")}
          and not exists (
              select from messages m
              where m.kind = 'transfer' and m.about = told.about and m.state <> '{State.VOID}')
        order by c.id, side.force_code"""
    return fetch_as(connection, TransferSide, statement)


def write(connection: Connection, about: str, contact_ref: str | None, channel: str, today: date, at: datetime) -> None:
    """Queue the message to one person, or to operations."""
    statement = """
        insert into messages (key, kind, contact_ref, channel, day, about, due_at)
        values (%s, 'transfer', %s, %s, %s, %s, %s) on conflict (key) do nothing"""
    given = (f"transfer:{about}:{contact_ref or 'operations'}:{channel}", contact_ref, channel, today, about, at)
    execute(connection, statement, given)


class TransferNotice(NamedTuple):
    """The case of a message, in its present state. `finalised_on` is None where it is not transferred any more."""

    message_id: int
    side: str  # the force that is told
    force_code: str
    case_ref: str
    urn: str | None
    restricted: bool
    barred: frozenset[str]
    finalised_on: date | None
    there: tuple[str, ...]  # the linked cases of other forces, as FORCE/CASE_REF
    passed_on: tuple[str, ...]  # those that were transferred too
    kept_there: bool  # whether its orders are watched by one of them
    orders: int  # its orders that have not expired
    first_on: date | None  # the first day on which one does


def notices(connection: Connection, message_ids: Sequence[int]) -> dict[int, TransferNotice]:
    """Return the cases of these messages, by message."""
    statement = f"""
        select m.id as message_id, split_part(m.about, ':', 2) as side, c.force_code, c.case_ref,
               k.urn_root as urn, c.is_restricted as restricted, c.barred,
               case when c.transfer_seen_on is not null then c.finalised_on end as finalised_on,
               array(select l.force_code || '/' || l.case_ref {_THERE} order by 1) as there,
               array(select l.force_code || '/' || l.case_ref {_LINKED} and l.finalised_reason = 'transferred'
                     order by 1) as passed_on,
               exists (select {_THERE} and {_FOLLOWED.format("l")}) as kept_there, o.orders, o.first_on
        from messages m join disclosed c on c.id = split_part(m.about, ':', 1)::bigint
        left join case_keys k on k.id = c.urn_key_id
        cross join lateral (
            select count(*) as orders, min(expires_on) as first_on from orders
            where key_id in (c.id, c.urn_key_id) and withdrawn_on is null
              and coalesce(expires_on >= m.day, made_on is not null)) o
        where m.kind = 'transfer' and m.id = any(%s)"""
    found = fetch_as(connection, TransferNotice, statement, (list(message_ids),))
    return {notice.message_id: notice for notice in found}

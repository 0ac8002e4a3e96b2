"""Reads and writes of the agendas that were made, and of the messages that carry them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from psycopg2.extras import Json
from sqlalchemy import Connection

from config.sittings import AgendaOccasion
from models.queries.driver import execute, mapping, scalar, scalars
from models.queries.people.disclosure import APART


class KeptAgenda(NamedTuple):
    """An agenda as it is stored."""

    sitting_id: int
    occasion: AgendaOccasion
    day: date
    made_on: date
    digest: str
    seen: dict[int, list[str]]


def digests(connection: Connection, sitting_id: int, day: date) -> dict[AgendaOccasion, str]:
    """Return the digests of the agendas that were made for a sitting on its day, by occasion."""
    statement = "select occasion, digest from agendas where sitting_id = %s and day = %s and undoing_id is null"
    found = mapping(connection, "occasion", "digest", statement, (sitting_id, day))
    return {AgendaOccasion(occasion): digest for occasion, digest in found.items()}


def forget_apart(connection: Connection, sitting_id: int) -> bool:
    """Delete a sitting's agendas that had only cases that bar somebody, if it has others by now; return whether any."""
    statement = f"""
        delete from agendas a where a.sitting_id = %(sitting)s and a.undoing_id is null and a.seen <> '{{}}'
          and not exists (select from jsonb_object_keys(a.seen) k where k::bigint <> all({APART}))
          and exists (select from convenings v where v.sitting_id = a.sitting_id and v.ended_on is null
                      and v.case_id <> all({APART}))"""
    return execute(connection, statement, {"sitting": sitting_id}) > 0


def seen(connection: Connection, sitting_id: int, day: date, occasion: AgendaOccasion) -> dict[int, list[str]]:
    """Return the keys of the lines of each case on the agenda that was made for a sitting on its day and occasion."""
    statement = """select seen from agendas
                   where sitting_id = %s and day = %s and occasion = %s and undoing_id is null"""
    found = scalar(connection, statement, (sitting_id, day, occasion)) or {}
    return {int(case_id): keys for case_id, keys in found.items()}


def store(connection: Connection, agenda: KeptAgenda) -> bool:
    """Store an agenda unless there is one of its occasion already; return whether it was stored."""
    statement = """
        insert into agendas (sitting_id, occasion, day, made_on, digest, seen)
        values (%(sitting_id)s, %(occasion)s, %(day)s, %(made_on)s, %(digest)s, %(seen)s)
        on conflict do nothing"""
    stored = execute(connection, statement, {**agenda._asdict(), "seen": Json(agenda.seen)})
    return stored > 0


def write(
    connection: Connection,
    keys: Sequence[str],
    refs: Sequence[str | None],
    channel: str,
    about: str,
    day: date,
    due_at: datetime,
) -> int:
    """Write a message to each of these people (None: operations), once per key; return how many were written."""
    statement = """
        insert into messages (key, kind, contact_ref, channel, day, about, due_at)
        select key, 'agenda', ref, %(channel)s, %(day)s, %(about)s, %(due)s
        from unnest(%(keys)s::text[], %(refs)s::text[]) as one(key, ref) on conflict (key) do nothing"""
    given = {"keys": list(keys), "refs": list(refs), "channel": channel, "about": about, "day": day, "due": due_at}
    return execute(connection, statement, given)


def written(connection: Connection, keys: Sequence[str]) -> set[str]:
    """Return the keys of those of these messages that are there already."""
    return set(scalars(connection, "select key from messages where key = any(%s)", (list(keys),)))

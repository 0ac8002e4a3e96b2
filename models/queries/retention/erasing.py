"""The erasing of cases: every row that is a case's, found by the tables' own keys, and what other rows say of it."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import NamedTuple

from sqlalchemy import Connection, Table

from config.pattern import Sign
from models.base import Base
from models.queries.driver import execute, keyed_as, scalars
from models.queries.intake.erased_cases import CASE_NAME, URN_NAME, Digest
from models.queries.outbox.naming import messages_naming
from models.queries.retention.over import OverCase


class ErasedTrail(NamedTuple):
    """The ids by which audit rows name what was a case's, so that these are found when it has gone."""

    obligations: list[int]
    messages: list[int]
    replies: list[int]
    actions: list[str]
    sittings: list[str]


def trails(connection: Connection, cases: Sequence[OverCase]) -> dict[int, ErasedTrail]:
    """Return, by case, what audit rows name of it."""
    statement = f"""
        with named as ({messages_naming(_GIVEN)})
        select c.id, array(select o.id from obligations o where o.case_id = c.id order by 1) as obligations,
               array(select named.message_id from named where named.case_id = c.id order by 1) as messages,
               array(select r.id from obligations o join replies r on r.obligation_id = o.id
                     where o.case_id = c.id order by 1) as replies,
               array(select action_ref from actions a where a.key_id = c.id order by 1) as actions,
               array(select distinct s.ref from convenings v join sittings s on s.id = v.sitting_id
                     where v.case_id = c.id order by 1) as sittings
        from ({_GIVEN}) c (id)"""
    return dict(keyed_as(connection, "id", ErasedTrail, statement, {"cases": [case.id for case in cases]}))


def erase(connection: Connection, cases: Sequence[OverCase], on: date, digest: Digest) -> None:
    """Erase cases with all rows that are theirs, and note a digest of each by which it is known if it is sent again."""
    ids = [case.id for case in cases]
    keys = sorted({*ids, *(case.urn_key_id for case in cases if case.urn_key_id is not None)})
    given = {"cases": ids, "keys": keys, "names": list(map(str, ids)), "on": on}
    digests = [digest(name) for name in scalars(connection, _NAMED, given)]
    execute(connection, _NOTED, {"digests": digests, "on": on})
    for statement in (*_BLANKED, *_deletions()):
        execute(connection, statement, given)


_GIVEN = "select unnest(%(cases)s::bigint[])"
_MEETINGS = "select sitting_id from convenings where case_id = any(%(cases)s)"
_OTHER_CASES = """(select coalesce(jsonb_agg(one), '[]') from jsonb_array_elements({0}->'cases') one
                   where not (one->>0)::bigint = any(%(cases)s))"""
# Cases that have the key of a suspect of theirs: what those owe may follow from it, and names them.
_SAME_SUSPECT = """
    with gone as (select suspect_key as key from cases where id = any(%(cases)s) union
                  select suspect_key from suspects where key_id = any(%(keys)s))
    update cases set projection = 'changed', failure = null
    where projection <> 'changed' and not id = any(%(cases)s) and id in (
        select c.id from gone join cases c on c.suspect_key = gone.key union
        select s.key_id from gone join suspects s on s.suspect_key = gone.key)"""
_BLANKED = (
    _SAME_SUSPECT,
    "delete from rejected_marks m using case_keys k where k.id = any(%(keys)s) and k.urn_root = m.urn_root",
    f"""update messages set body = null, text = null where (body is not null or text is not null) and id in (
            select message_id from ({messages_naming(_GIVEN)}) named)""",
    f"update agendas set seen = seen - %(names)s::text[] where sitting_id in ({_MEETINGS})",
    f"""update invitations set event = event
            || jsonb_build_object('cases', {_OTHER_CASES.format("event")})
            || case when jsonb_typeof(event->'was') = 'object' then jsonb_build_object('was', event->'was'
                    || jsonb_build_object('cases', {_OTHER_CASES.format("(event->'was')")})) else '{{}}' end
        where sitting_id in ({_MEETINGS})""",
)
# Not by disclosed: references of cases that are no longer there, told to nobody
_GONE = f"""key ^@ any(array['{Sign.SAME_SUSPECT}:', '{Sign.SAME_VICTIM}:']) and not exists (
    select from case_keys k where k.force_code = split_part(split_part(key, ':', 2), '/', 1)
                              and key = split_part(key, ':', 1) || ':' || k.force_code || '/' || k.case_ref)"""
_UNRELATED = f"""
    update agendas a set seen = (
        select jsonb_object_agg(one.id, (
            select coalesce(jsonb_agg(key), '[]') from jsonb_array_elements_text(one.keys) key where not ({_GONE})))
        from jsonb_each(a.seen) one(id, keys))
    where exists (select from jsonb_each(a.seen) one(id, keys), jsonb_array_elements_text(one.keys) key
                  where {_GONE})"""
_NAMED = f"""select case when k.urn_root is null then {CASE_NAME.format("k")} else {URN_NAME.format("k")} end
             from case_keys k where k.id = any(%(keys)s)"""
_NOTED = """insert into erasures (digest, erased_on) select unnest(%(digests)s::bytea[]), %(on)s
            on conflict (digest) do update set erased_on = excluded.erased_on"""


def forget_related(connection: Connection) -> int:
    """Take from other cases' agendas the references of related cases that are no longer there; return how many agendas.

    An agenda keeps by reference which cases had the same suspect or victim.
    """
    return execute(connection, _UNRELATED)


@cache
def of_a_case() -> dict[str, str]:
    """Return the condition of a case's rows for each table that has any, the tables that others refer to first.

    A row is a case's by its `case_id` or `key_id`, or because it refers to a row that is.
    """
    found: dict[str, str] = {}
    for table in Base.metadata.sorted_tables:
        if condition := _condition(table, found):
            found[table.name] = condition
    return found


def _condition(table: Table, known: dict[str, str]) -> str | None:
    if table.name in {"cases", "case_keys"}:
        return f"id = any(%({'cases' if table.name == 'cases' else 'keys'})s)"
    for column, given in (("case_id", "cases"), ("key_id", "keys")):
        if column in table.c:
            return f"{column} = any(%({given})s)"
    for key in sorted(table.foreign_keys, key=lambda one: one.parent.name):
        if where := known.get(key.column.table.name):
            return f"{key.parent.name} in (select {key.column.name} from {key.column.table.name} where {where})"
    return None


def _deletions() -> tuple[str, ...]:
    """Return the statements that delete a case's rows, those that refer to others first."""
    return tuple(f"delete from {name} where {where}" for name, where in reversed(of_a_case().items()))

"""Reads and writes of obligations that climb a ladder whose steps have other names or places than when they climbed."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import array, execute, fetch_as
from models.queries.obligations.versions import CHAIN
from models.rules.obligations.ladder_before import LadderPlace

_APART = 100  # a step that its ladder has no more is numbered from here on: no ladder is so long
_LADDERS = """
select key as rule, array(select jsonb_array_elements_text(value)) as names from jsonb_each(%(ladders)s::jsonb)"""


class ClimbedName(NamedTuple):
    """A step that an obligation took or passed over, by number and name, and the obligation's place."""

    obligation_id: int
    rule: str
    last_step: int
    taken_on: tuple[date | None, ...]
    step: int
    name: str


def climbed(connection: Connection, force_code: str | None, ladders: Mapping[str, Sequence[str]]) -> list[ClimbedName]:
    """Return what was climbed of a force's live obligations (None: those of no case) under other steps than these.

    `ladders` has the names of each rule's steps. Steps of versions that one carries on from are among them.
    """
    statement = f"""
        with ladders as ({_LADDERS}),
        taken as (
          select o.id as obligation_id, o.rule, o.last_step, o.taken_on, s.step, s.name, s.id,
                 bool_or(s.name is distinct from l.names[s.step]) over (partition by o.id) as differs
          from live_obligations o join ladders l on l.rule = o.rule cross join {CHAIN}
          join steps s on s.obligation_id = v.id
          where o.last_step > 0 and s.step < %(apart)s and s.outcome in ('taken', 'superseded')
            and (o.force_code = %(force)s or %(force)s::text is null and o.force_code is null))
        select distinct on (obligation_id, step) obligation_id, rule, last_step, taken_on, step, name from taken
        where differs order by obligation_id, step, id desc"""
    given = {"ladders": json.dumps(ladders), "force": force_code, "apart": _APART}
    return fetch_as(connection, ClimbedName, statement, given)


def move(connection: Connection, places: Mapping[int, LadderPlace], ladders: Mapping[str, Sequence[str]]) -> None:
    """Give obligations their places, and what was taken and notified of them the numbers of its names."""
    found = places.values()
    execute(
        connection,
        """update obligations o set last_step = given.last_step, taken_on = given.taken_on::date[]
           from unnest(%s::bigint[], %s::int[], %s::text[]) given(id, last_step, taken_on) where o.id = given.id""",
        (list(places), [place.last_step for place in found], array(tuple(place.taken_on) for place in found)),
    )
    for table, name, which in (("steps", "name", "true"), ("notifications", "step_name", "s.happening <> 'resolved'")):
        _renumber(connection, table, name, which, places, ladders)


def _renumber(
    connection: Connection,
    table: str,
    name: str,
    which: str,
    places: Iterable[int],
    ladders: Mapping[str, Sequence[str]],
) -> None:
    """Number rows of these obligations and of those that they carry on from: all apart first, since two may swap."""
    moved = f"""
        moved as (select v.id, o.rule from obligations o cross join {CHAIN} where o.id = any(%(ids)s))"""
    given = {"ids": list(places), "ladders": json.dumps(ladders), "apart": _APART}
    execute(
        connection,
        f"""with {moved} update {table} s set step = s.step + %(apart)s from moved m
            where s.obligation_id = m.id and s.step < %(apart)s and {which}""",
        given,
    )
    execute(
        connection,
        f"""with {moved}, ladders as ({_LADDERS}),
            numbered as (
              select l.rule, n.name, n.number from ladders l, unnest(l.names) with ordinality n(name, number))
            update {table} s set step = n.number from moved m join numbered n on n.rule = m.rule
            where s.obligation_id = m.id and s.{name} = n.name and s.step >= %(apart)s and {which}""",
        given,
    )

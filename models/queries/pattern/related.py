"""Reads of cases that are related by the key of a suspect or a victim. No other statement compares keys.

A key is compared within its source, and among sources that the policy says make their keys with one secret. It never
leaves the database: what is returned is which case, never by which key. A case that is restricted, or from which
anybody is barred, is related to none, whoever asks.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from config.pattern import Sign
from models.queries.driver import array, grouped, keyed_as
from models.queries.people.restriction import KEPT_APART
from models.rules.pattern import KeyedCase

MOST_OF_ONE_KEY = 50  # cases: a key of more of them names no person, but an empty cell that a source made a key of
_KEYS = {Sign.SAME_SUSPECT: "suspect_key", Sign.SAME_VICTIM: "victim_key"}

# Whether the keys of two cases are of one secret, and the cases are not linked by their URN anyway.
_COMPARABLE = """coalesce(c.urn_key_id <> a.urn_key_id, true) and (c.source_id = a.source_id or exists (
    select from secrets one join secrets other using (number)
    where one.source_id = a.source_id and other.source_id = c.source_id))"""


def _of(sign: Sign, column: str) -> str:
    """Return the ids of the cases with the same key as the asked case `a`, unless they are too many."""
    return f"""
        select '{sign}' as sign, same.id
        from (select id, count(*) over () as sharing
              from (select id from cases where {column} = a.{column} limit {MOST_OF_ONE_KEY + 1}) found) same
        where same.sharing <= {MOST_OF_ONE_KEY} and same.id <> a.id"""


_RELATED = f"""
with secrets as materialized (
    select s.id as source_id, g.number
    from unnest(%(names)s::text[], %(numbers)s::int[]) g(name, number) join sources s on s.name = g.name)
select a.id as asked, near.sign, c.id as case_id, c.force_code, c.force_code || '/' || c.case_ref as reference,
       c.opened_on
from cases a cross join lateral ({" union all ".join(_of(sign, column) for sign, column in _KEYS.items())}) near
join cases c on c.id = near.id
where a.id = any(%(ids)s) and (a.suspect_key is not null or a.victim_key is not null)
  and {_COMPARABLE} and not {KEPT_APART}
order by a.id, near.sign, c.opened_on desc, c.id desc"""


def related_cases(
    connection: Connection, case_ids: Sequence[int], shared_secrets: Sequence[Sequence[str]]
) -> dict[int, list[KeyedCase]]:
    """Return the cases with the same suspect or victim as each of these cases, the newest first.

    A case without any has no entry. It reads the cases that share a key, by its index, and no others.
    """
    groups = [(name, number) for number, group in enumerate(shared_secrets) for name in group]
    names, numbers = zip(*groups, strict=True) if groups else ((), ())
    given = {"ids": list(case_ids), "names": array(names), "numbers": list(numbers)}
    return grouped(keyed_as(connection, "asked", KeyedCase, _RELATED, given))

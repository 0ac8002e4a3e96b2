"""Lists of patterns and of related cases in messages: kept with each, compared with the next, and audited when sent."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from psycopg2.extras import Json
from sqlalchemy import Connection

from config.pattern import Sign
from models.queries.driver import execute, keyed_as
from models.rules.outbox.message_states import States

Listed = Mapping[int, Sequence[str]]  # the keys of what was listed of a case, by its id
# The audit rows of the messages `settled` and `enclosed`: each listed case that was combined with others by a key.
COMBINED = f"""combined as (
             insert into audit (verb, by, about, ref, to_ref, reason, detail)
             select 'combination', 'casebeat', 'case', c.force_code || '/' || c.case_ref,
                    coalesce(s.contact_ref, 'operations'), said.sign,
                    jsonb_build_object('message', s.key, 'cases', (
                        select jsonb_agg(r.force_code || '/' || r.case_ref order by r.id)
                        from cases r where r.id = any(said.ids)))
             from (select * from settled union all select * from enclosed) s
             join listed_patterns listed on listed.message_id = s.id
             join cases c on c.id = listed.case_id cross join lateral (
                 select split_part(fact, ':', 1) as sign, array_agg(split_part(fact, ':', 2)::bigint) as ids
                 from unnest(listed.keys) one(fact)
                 where fact ^@ any(array['{Sign.SAME_SUSPECT}:', '{Sign.SAME_VICTIM}:']) group by 1) said
             where %(verb)s::text is not null)"""


class _ListedPattern(NamedTuple):
    case_id: int
    keys: tuple[str, ...]


def keep(connection: Connection, message_id: int, listed: Listed) -> None:
    """Keep what a letter's pattern list has, or an agenda of related cases, as its contents are now."""
    execute(connection, "delete from listed_patterns where message_id = %s", (message_id,))
    execute(
        connection,
        """insert into listed_patterns (message_id, case_id, keys)
           select %s, each.id::bigint, array(select jsonb_array_elements_text(each.keys))
           from jsonb_each(%s::jsonb) each(id, keys)""",
        (message_id, Json({str(case_id): list(keys) for case_id, keys in listed.items()})),
    )


def last_lists(
    connection: Connection, contact_refs: Sequence[str], channel: str, today: date, states: States
) -> dict[str, dict[int, tuple[str, ...]]]:
    """Return what letters before today, in one of these states, last listed of each case to each of these people."""
    rows = keyed_as(
        connection,
        "contact_ref",
        _ListedPattern,
        f"""select distinct on (m.contact_ref, listed.case_id) m.contact_ref, listed.case_id, listed.keys
           from messages m join listed_patterns listed on listed.message_id = m.id
           where m.contact_ref = any(%s) and m.channel = %s and m.standing and m.day < %s and m.state in {states}
           order by m.contact_ref, listed.case_id, m.day desc""",
        (list(contact_refs), channel, today),
    )
    found: dict[str, dict[int, tuple[str, ...]]] = {}
    for ref, one in rows:
        found.setdefault(ref, {})[one.case_id] = one.keys
    return found

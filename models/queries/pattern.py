"""Reads of harassment cases and of related cases, and the lists of both in messages.

Cases are related by the key of a suspect or a victim, which one statement compares, and no other. A key is compared
within its source, and among sources that the policy says make their keys with one secret. It never leaves the
database: what is returned is which case, never by which key. A case that is restricted, or from which anybody is
barred, is related to none, whoever asks.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from psycopg2.extras import Json
from sqlalchemy import Connection

from config.pattern import Sign
from config.terms import Risk
from models.queries.driver import execute, fetch_as, grouped, keyed_as, mapping
from models.queries.intake.shared_keys import MOST_OF_ONE_KEY
from models.queries.people.jurisdictions import PLACES
from models.queries.people.parties import BOTH_PARTIES
from models.queries.secrets import SECRETS, of_one_secret, secrets_of
from models.rules.catalogue import why_not_stalking
from models.rules.outbox.message_states import States
from models.rules.pattern import HarassmentFacts, KeyedCase
from models.rules.people.parties import Parties
from models.rules.reviews.convening import risk_of

_KEYS = {Sign.SAME_SUSPECT: "suspect_key", Sign.SAME_VICTIM: "victim_key"}

Listed = Mapping[int, Sequence[str]]  # the keys of what was listed of a case, by its id
# The audit rows of the messages `settled` and `enclosed`: each listed case that was combined with others by a key.
# Not by disclosed: an audit row
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


def _of(sign: Sign, column: str) -> str:
    """Return the ids of the cases with the same key as the asked case `a`, unless they are too many."""
    return f"""
        select '{sign}' as sign, same.id
        from (select id, count(*) over () as sharing
              from (select id from cases where {column} = a.{column} limit {MOST_OF_ONE_KEY + 1}) found) same
        where same.sharing <= {MOST_OF_ONE_KEY} and same.id <> a.id"""


_RELATED = f"""
with {SECRETS}
select a.id as asked, near.sign, c.id as case_id, c.force_code, c.force_code || '/' || c.case_ref as reference,
       c.opened_on
from cases a cross join lateral ({" union all ".join(_of(sign, column) for sign, column in _KEYS.items())}) near
join disclosed c on c.id = near.id
where a.id = any(%(ids)s) and (a.suspect_key is not null or a.victim_key is not null)
  and coalesce(c.urn_key_id <> a.urn_key_id, true) and {of_one_secret("a.source_id", "c.source_id")}
  and not c.kept_apart
order by a.id, near.sign, c.opened_on desc, c.id desc"""


def related_cases(
    connection: Connection, case_ids: Sequence[int], shared_secrets: Sequence[Sequence[str]]
) -> dict[int, list[KeyedCase]]:
    """Return the cases with the same suspect or victim as each of these cases, the newest first.

    A case without any has no entry. It reads the cases that share a key, by its index, and no others.
    """
    given = {"ids": list(case_ids), **secrets_of(shared_secrets)}
    return grouped(keyed_as(connection, "asked", KeyedCase, _RELATED, given))


def keep(connection: Connection, message_id: int, listed: Listed) -> None:
    """Keep what a letter's pattern list has, or an agenda of related cases, as its contents are now."""
    execute(connection, "delete from listed_patterns where message_id = %s", (message_id,))
    statement = """
        insert into listed_patterns (message_id, case_id, keys)
        select %s, each.id::bigint, array(select jsonb_array_elements_text(each.keys))
        from jsonb_each(%s::jsonb) each(id, keys)"""
    execute(connection, statement, (message_id, Json({str(case_id): list(keys) for case_id, keys in listed.items()})))


def last_lists(
    connection: Connection, contact_refs: Sequence[str], channel: str, today: date, states: States
) -> dict[str, dict[int, tuple[str, ...]]]:
    """Return what letters before today, in one of these states, last listed of each case to each of these people."""
    statement = f"""
        select distinct on (m.contact_ref, listed.case_id) m.contact_ref, listed.case_id, listed.keys
        from messages m join listed_patterns listed on listed.message_id = m.id
        where m.contact_ref = any(%s) and m.channel = %s and m.standing and m.day < %s and m.state in {states}
        order by m.contact_ref, listed.case_id, m.day desc"""
    rows = mapping(connection, ("contact_ref", "case_id"), "keys", statement, (list(contact_refs), channel, today))
    listed: dict[str, dict[int, tuple[str, ...]]] = {}
    for (ref, case_id), keys in rows.items():
        listed.setdefault(ref, {})[case_id] = tuple(keys)
    return listed


class HarassmentCase(NamedTuple):
    """An open harassment case: its references, its facts, and what decides who leads on it and who may know of it."""

    case_id: int
    force_code: str
    reference: str
    urn: str | None
    risk: Risk
    source_id: int
    asked: bool  # whether a reason why it is not stalking is owed
    facts: HarassmentFacts
    matter: Parties


_FACTS = """c.opened_on as "facts.opened_on", coalesce(c.relationship = 'ex_partner', false) as "facts.former_partner",
    i.incidents as "facts.incidents", i.first_on as "facts.first_on", i.reported_on as "facts.reported_on",
    i.breaches as "facts.breaches", i.breached_on as "facts.breached_on",
    c.declassified_on as "facts.declassified_on", c.why_not_stalking_on as "facts.why_not_stalking_on\""""
_INCIDENTS = """lateral (
    select count(*) as incidents, min(i.occurred_on) as first_on, max(i.reported_on) as reported_on,
           count(*) filter (where i.breach) as breaches, max(i.reported_on) filter (where i.breach) as breached_on
    from incidents i where i.key_id in (c.id, c.urn_key_id) and i.withdrawn_on is null) i"""
# The forces with open harassment cases of these forces or Areas: the index of open cases is by force.
_WHERE = f"""c.force_code = any(array(
    with {PLACES} select force_code from place
    where classification = 'harassment' and (%(everywhere)s or cps_area = any(%(areas)s)
                                             or force_code = any(%(forces)s))))"""


def harassment_cases(
    connection: Connection, force_codes: Sequence[str] = (), cps_areas: Sequence[str] = (), *, everywhere: bool = False
) -> list[HarassmentCase]:
    """Return the open harassment cases of some forces or CPS Areas, or of all, by id."""
    statement = f"""
        select c.id as case_id, c.force_code, c.force_code || '/' || c.case_ref as reference, k.urn_root as urn,
               c.risk, c.source_id, exists (
                   select from live_obligations w where w.case_id = c.id and w.rule = '{why_not_stalking.RULE.name}'
               ) as asked, {_FACTS}, {BOTH_PARTIES}
        from case_parties c left join case_keys k on k.id = c.urn_key_id cross join {_INCIDENTS}
        where c.classification = 'harassment' and c.finalised_on is null and {_WHERE}
          and (%(everywhere)s or c.force_code = any(%(forces)s) or c.cps_area = any(%(areas)s))
        order by c.id"""
    given = {"forces": list(force_codes), "areas": list(cps_areas), "everywhere": everywhere}
    return fetch_as(connection, HarassmentCase, statement, given, {"risk": risk_of})

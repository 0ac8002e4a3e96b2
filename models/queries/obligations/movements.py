"""Reads of what was done on cases since a day, by the facts' own days, and of when each reader was last told."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import grouped, keyed_as, mapping
from models.rules.outbox.message_states import SAID

# Facts of a case `c`, under its own key or its URN's: what was done, on which day, and the kind of an action.
_FACTS = """
    select 'action', a.closed_on, a.kind from actions a
    where a.key_id in (c.id, c.urn_key_id) and a.status = 'done' and a.withdrawn_on is null
    union all select 'reported', p.done_on, a.kind from completions p join actions a using (action_ref)
    where a.key_id in (c.id, c.urn_key_id) and a.status <> 'done' and a.withdrawn_on is null
      and not exists (select from acts t where t.completion_id = p.id and t.undoes)
    union all select 'review:' || r.kind, r.held_on, '' from reviews r
    where r.key_id in (c.id, c.urn_key_id) and r.withdrawn_on is null and (r.quorate or r.kind = 'supervisor')
    union all select 'referral', f.submitted_on, '' from referrals f
    where f.key_id in (c.id, c.urn_key_id) and f.withdrawn_on is null
    union all select 'decision', f.decision_on, '' from referrals f
    where f.key_id in (c.id, c.urn_key_id) and f.withdrawn_on is null
    union all select 'incident', i.reported_on, '' from incidents i
    where i.key_id in (c.id, c.urn_key_id) and i.withdrawn_on is null
    union all select 'order', w.made_on, '' from orders w
    where w.key_id in (c.id, c.urn_key_id) and w.withdrawn_on is null
    union all select 'authorised', s.charge_authorised_on, '' from cps_cases s
    where s.key_id in (c.id, c.urn_key_id) and s.withdrawn_on is null
    union all select 'charged', s.charged_on, '' from cps_cases s
    where s.key_id in (c.id, c.urn_key_id) and s.withdrawn_on is null
    union all select 'risk', c.risk_assessed_on, ''
    union all select 'contact', c.victim_contacted_on, ''"""


class DatedFact(NamedTuple):
    """Something that was done on a case: what, on which day, and of an action its kind."""

    what: str
    on: date
    kind: str


def movements(connection: Connection, case_ids: Sequence[int], since: date, today: date) -> dict[int, list[DatedFact]]:
    """Return what was done on each of these cases from a day up to today, the earliest first."""
    statement = f"""
        select distinct c.id as case_id, fact.what, fact."on", fact.kind
        from cases c cross join lateral ({_FACTS}) fact(what, "on", kind)
        where c.id = any(%s) and fact."on" between %s and %s order by c.id, fact."on", fact.what, fact.kind"""
    return grouped(keyed_as(connection, "case_id", DatedFact, statement, (list(case_ids), since, today)))


def last_standings(connection: Connection, contact_refs: Sequence[str], channel: str, today: date) -> dict[str, date]:
    """Return the day of the last standing before today that each of these people was sent on a channel."""
    statement = f"""
        select asked.ref as contact_ref, last.day from unnest(%s::text[]) asked(ref) cross join lateral (
           select day from messages
           where contact_ref = asked.ref and channel = %s and standing and day < %s
             and state in {SAID}
           order by day desc limit 1) last"""
    return mapping(connection, "contact_ref", "day", statement, (list(contact_refs), channel, today))

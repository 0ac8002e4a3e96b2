"""Reads of a rehearsed first morning of a force: who is written to, the worst cases, limits, and who is missing."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import fetch_as, mapping, one_as
from models.rules.outbox.message_states import DELIVERED


class MorningReader(NamedTuple):
    """A person's letters and urgent mails of the morning, the force's matters in them, as news, and any standing."""

    contact_ref: str
    roles: tuple[str, ...]
    letters: int
    matters: int
    standing: bool = False  # how the force stands, as a lead is told on its first day


class WorstCase(NamedTuple):
    """A case by its reference: its risk, what is overdue on it, of that what has run out, and since when."""

    reference: str
    risk: str
    overdue: int
    ran_out: int
    since: date


class EndingLimits(NamedTuple):
    """Time limits and orders of a force that have ended by a day, and that end before another."""

    ended: int
    ending: int


def readers(connection: Connection, force_code: str, day: date) -> list[MorningReader]:
    """Return who is written to of a force's matters on a day, the fullest letters first, and who gets its standing.

    Operations are left out.
    """
    statement = f"""
        with areas as (select array_agg(distinct cps_area) as names from disclosed where force_code = %(force)s)
        select m.contact_ref, coalesce(c.roles, '{{}}') as roles, count(distinct m.id)::int as letters,
               count(distinct o.id)::int as matters, bool_or(m.standing) as standing
        from messages m cross join areas left join contacts c on c.contact_ref = m.contact_ref
        left join (notifications n join obligations o on o.id = n.obligation_id and o.force_code = %(force)s)
               on n.message_id = m.id and n.state in {DELIVERED}
        where m.day = %(day)s and m.kind in ('letter', 'at_once') and m.channel = 'email'
          and m.state in {DELIVERED} and m.contact_ref is not null
          and (o.id is not null or m.standing and (%(force)s = any(c.force_codes) or c.cps_areas && areas.names))
        group by m.contact_ref, c.roles order by matters desc, m.contact_ref"""
    return fetch_as(connection, MorningReader, statement, {"day": day, "force": force_code})


def worst_cases(connection: Connection, force_code: str, day: date, most: int) -> list[WorstCase]:
    """Return the cases with the most at stake: high risk first, then what has run out, then the most overdue.

    Those that no page names are left out.
    """
    statement = """
        select c.force_code || '/' || c.case_ref as reference, coalesce(c.risk, 'unknown') as risk,
               count(*)::int as overdue, count(*) filter (where o.hard)::int as ran_out, min(o.due_on) as since
        from live_obligations o join disclosed c on c.id = o.case_id and not c.kept_apart
        where o.force_code = %(force)s and o.due_on < %(day)s
        group by c.id, c.force_code, c.case_ref, c.risk
        order by coalesce(c.risk, 'unknown') not in ('high', 'unknown'), ran_out desc, overdue desc, since, c.id
        limit %(most)s"""
    return fetch_as(connection, WorstCase, statement, {"force": force_code, "day": day, "most": most})


def limits(connection: Connection, force_code: str, day: date, before: date) -> EndingLimits:
    """Count the time limits and orders that have ended by a day, and that end before another."""
    statement = """
        select count(*) filter (where due_on < %(day)s)::int as ended,
               count(*) filter (where due_on >= %(day)s)::int as ending
        from live_obligations where force_code = %(force)s and hard and due_on < %(before)s"""
    return one_as(connection, EndingLimits, statement, {"force": force_code, "day": day, "before": before})


def missing(connection: Connection, force_code: str, day: date) -> dict[str, int]:
    """Return how many cases lack an addressee, by the note that its letter would have: no prosecutor is recorded."""
    statement = """
        select part as note, count(distinct o.case_id)::int as cases
        from notifications n join obligations o on o.id = n.obligation_id
        cross join unnest(string_to_array(n.note, '; ')) part
        where n.day = %(day)s and o.force_code = %(force)s and (part like 'no %%' or part like 'the %%')
        group by part order by cases desc, part"""
    return mapping(connection, "note", "cases", statement, {"day": day, "force": force_code})

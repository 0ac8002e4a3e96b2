"""Reads of what a rehearsal decided: who is written to and how much, what they hear of and when, and what stalls."""

from datetime import date
from typing import IO, NamedTuple

from sqlalchemy import Connection

from models.queries.driver import copy_out, fetch_as, mapping, one_as
from models.rules.catalogue.contents import CONVENED
from models.rules.outbox.message_states import DELIVERED


class ReaderDay(NamedTuple):
    """A reader's day: the mails that leave, and the new matters in them."""

    contact_ref: str
    day: date
    mails: int
    matters: int


class CaseNumbers(NamedTuple):
    """Joint reviews whose day comes, and those of them without a place in time; time limits and orders that end."""

    reviews: int
    without_a_place: int
    limits: int


def reader_days(connection: Connection, first: date, last: date) -> list[ReaderDay]:
    """Return each reader's days with a letter or an urgent mail; operations are left out."""
    statement = f"""
        select m.contact_ref, m.day, count(distinct m.id)::int as mails,
               count(distinct n.obligation_id)::int as matters
        from messages m left join notifications n on n.message_id = m.id and n.state in {DELIVERED}
        where m.day between %(first)s and %(last)s and m.kind in ('letter', 'at_once') and m.letter_id is null
          and m.channel = 'email' and m.state in {DELIVERED} and m.contact_ref is not null
        group by m.contact_ref, m.day order by m.contact_ref, m.day"""
    return fetch_as(connection, ReaderDay, statement, {"first": first, "last": last})


def roles(connection: Connection) -> dict[str, list[str]]:
    """Return each contact's roles."""
    return mapping(connection, "contact_ref", "roles", "select contact_ref, roles from contacts")


def write_news(connection: Connection, first: date, last: date, out: IO[bytes]) -> int:
    """Write the first day on which anybody hears of each matter of a case, and return how many these are.

    A line is rule, case, subject and day, in the order of the first three.
    """
    statement = f"""
        select rule, case_id, subject, min(day) from (
          select o.rule, o.case_id, o.subject, n.day
          from notifications n join obligations o on o.id = n.obligation_id
          where n.day between %(first)s and %(last)s and n.happening = 'step' and n.state in {DELIVERED}
            and o.case_id is not null
          union all select rule, case_id, subject, day from rehearsed_news) heard
        group by rule, case_id, subject
        order by rule collate "C", case_id::text collate "C", subject collate "C" asc"""
    return copy_out(connection, statement, {"first": first, "last": last}, out)


def write_stalls(connection: Connection, first: date, last: date, out: IO[bytes]) -> int:
    """Write the first day on which each case is stalled, in the same way, and return how many these are."""
    statement = """
        select 'stall', o.case_id, '', min(greatest(o.escalate_on, o.due_on + 1, %(first)s)) from obligations o
        where o.stalls and o.case_id is not null and o.end_reason is distinct from 'void'
          and greatest(o.escalate_on, o.due_on + 1) <= %(last)s
          and (o.ended_on is null or o.ended_on > greatest(o.escalate_on, o.due_on + 1, %(first)s))
        group by o.case_id order by o.case_id::text collate "C" asc"""
    return copy_out(connection, statement, {"first": first, "last": last}, out)


def case_numbers(connection: Connection, first: date, last: date) -> CaseNumbers:
    """Count what falls due and was not answered before, and the reviews that were held for their day.

    A place is in time on or before the review's day.
    """
    statement = f"""
        select count(*) filter (where o.rule in {CONVENED})::int as reviews,
               count(*) filter (where o.rule in {CONVENED} and not exists (
                 select from convenings v join sittings s on s.id = v.sitting_id
                 where v.case_id = o.case_id and s.day between %(first)s and o.due_on and s.cancelled_on is null
                   and v."end" is distinct from 'void'))::int as without_a_place,
               count(*) filter (where o.hard and o.ended_on is null)::int as limits
        from obligations o
        where (o.ended_on is null or o.rule in {CONVENED} and o.end_reason = 'met' and o.ended_on > %(first)s)
          and o.due_on between %(first)s and %(last)s and o.case_id is not null"""
    return one_as(connection, CaseNumbers, statement, {"first": first, "last": last})

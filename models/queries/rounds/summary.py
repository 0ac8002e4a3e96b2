"""Reads of the counts and references on the page of a round."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from config.terms import State
from models.queries.driver import fetch_as, mapping, scalar
from models.queries.kept_plans import Kept
from models.rules.outbox.message_states import HELD, UNDELIVERED, WAITING

_STALLED = "o.stalls and o.escalate_on <= %(today)s and o.due_on < %(today)s"


class StalledCaseRow(NamedTuple):
    """A stalled case by its references, its first stalled day, and the rules that stall it, each with who owes it."""

    force_code: str
    case_ref: str
    since: date
    owed: tuple[str, ...]


def daily_message_since(connection: Connection, first: date, today: date) -> bool:
    """Return whether the daily message on the whole book was written from a first day on, and before today."""
    statement = r"""
        select exists (select from messages where kind = 'operations' and day >= %s and day < %s
                                               and key ~ '^daily:[-0-9]{10}(:r[0-9]+|:[0-9a-f]{12})?$')"""
    return bool(scalar(connection, statement, (first, today)))


def stalled(connection: Connection, force_code: str, today: date) -> int:
    """Count the stalled cases of a force."""
    found: int = scalar(
        connection,
        Kept(f"select count(distinct o.case_id) from live_obligations o where o.force_code = %(force)s and {_STALLED}"),
        {"today": today, "force": force_code},
    )
    return found


def counted_stalled(connection: Connection, force_codes: Sequence[str], day: date) -> dict[str, int]:
    """Return the number of each force's stalled cases that its latest round up to a day counted."""
    statement = """
        select f.code, r.stalled from unnest(%s::text[]) f(code) cross join lateral (
            select (account ->> 'stalled')::int as stalled from rounds
            where force_code = f.code and day <= %s and undoing_id is null and account ? 'stalled'
            order by day desc, id desc limit 1) r"""
    return mapping(connection, "code", "stalled", statement, (list(force_codes), day))


def worst_stalled(connection: Connection, force_codes: Sequence[str], today: date, most: int) -> list[StalledCaseRow]:
    """Return the cases that have been stalled longest, at most `most`, without those that no page names.

    The index of what stalls is read for each force from its oldest day, and no further than `most` cases: each case
    counts by the obligation that stalled it first.
    """
    statement = f"""
        with worst as (
          select first.* from unnest(%(forces)s::text[]) f(code) cross join lateral (
              select o.case_id, c.force_code, c.case_ref, o.escalate_on as since, o.id
              from live_obligations o join disclosed c on c.id = o.case_id and not c.kept_apart
              where o.force_code = f.code and {_STALLED} and not exists (
                  select from live_obligations e
                  where e.case_id = o.case_id and e.stalls and e.due_on < %(today)s
                    and (e.escalate_on, e.id) < (o.escalate_on, o.id))
              order by o.escalate_on, o.id limit %(most)s) first
          order by first.since, first.id limit %(most)s)
        select w.force_code, w.case_ref, w.since,
               array_agg(distinct o.rule || ' owed by ' || o.owed_by order by o.rule || ' owed by ' || o.owed_by)
                   as owed
        from worst w join live_obligations o on o.case_id = w.case_id and {_STALLED}
        group by w.case_id, w.force_code, w.case_ref, w.since, w.id order by w.since, w.id"""
    return fetch_as(connection, StalledCaseRow, statement, {"forces": list(force_codes), "today": today, "most": most})


def unlisted_stalled(connection: Connection, force_codes: Sequence[str], today: date) -> int:
    """Count the stalled cases of these forces that no page names: restricted ones, and those that bar anybody."""
    statement = f"""
        select count(*) from cases c
        where c.id = any(array(select case_id from cases_apart)) and c.force_code = any(%(forces)s) and exists (
            select from live_obligations o where o.case_id = c.id and {_STALLED})"""
    return int(scalar(connection, statement, {"forces": list(force_codes), "today": today}))


def outbox(connection: Connection, today: date) -> dict[str, int]:
    """Count the messages in each state, in order: those of the day, and those of earlier days that are not sent yet.

    What travels in a letter is no message of its own.
    """
    statement = f"""
        select state, count(*) as messages from messages
        where letter_id is null
          and (day = %s and state <> '{State.VOID}' or state in {WAITING} or state in {HELD}
               or state in {UNDELIVERED})
        group by state order by state"""
    return mapping(connection, "state", "messages", statement, (today,))

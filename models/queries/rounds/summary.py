"""Counts and references for the round's page."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import fetch

_STALLED = "o.ended_on is null and o.stalls and o.escalate_on <= %(today)s and o.due_on < %(today)s"


class FeedAge(NamedTuple):
    """A source, the London day of its latest extract, and the day by which its successor is late; None: unwatched."""

    name: str
    extracted_on: date
    late_from: date | None


class StalledCaseRow(NamedTuple):
    """A stalled case by its references, since when, and what stalls it: each rule with the side that owes it."""

    force_code: str
    case_ref: str
    since: date
    owed: tuple[str, ...]


def told_since(connection: Connection, first: date, today: date) -> bool:
    """Whether the day's word on the whole book was written on an earlier day since the first of these."""
    found = fetch(
        connection,
        r"""select exists (select from messages where kind = 'operations' and day >= %s and day < %s
                                                   and key ~ '^daily:[-0-9]{10}(:[0-9a-f]{12})?$')""",
        (first, today),
    )
    return bool(found[0][0])


def stalled(connection: Connection, force_code: str, today: date) -> int:
    """How many of a force's cases are stalled."""
    found: int = fetch(
        connection,
        f"select count(distinct o.case_id) from obligations o where o.force_code = %(force)s and {_STALLED}",
        {"today": today, "force": force_code},
    )[0][0]
    return found


def counted_stalled(connection: Connection, force_codes: Sequence[str], day: date) -> dict[str, int]:
    """How many of each force's cases were stalled, as its latest round up to a day counted them."""
    rows = fetch(
        connection,
        """select f.code, r.stalled from unnest(%s::text[]) f(code) cross join lateral (
               select (account ->> 'stalled')::int as stalled from rounds
               where force_code = f.code and day <= %s and account ? 'stalled' order by day desc, id desc limit 1) r""",
        (list(force_codes), day),
    )
    return {row[0]: row[1] for row in rows}


def worst_stalled(connection: Connection, force_codes: Sequence[str], today: date, most: int) -> list[StalledCaseRow]:
    """The cases that have been stalled longest, no restricted one among them.

    Each force's index of what stalls is read from its oldest day, and no further than `most` cases: by the obligation
    that stalled each case first.
    """
    rows = fetch(
        connection,
        f"""with worst as (
             select first.* from unnest(%(forces)s::text[]) f(code) cross join lateral (
                 select o.case_id, c.force_code, c.case_ref, o.escalate_on as since, o.id
                 from obligations o join cases c on c.id = o.case_id and not c.restricted
                 where o.force_code = f.code and {_STALLED} and not exists (
                     select from obligations e
                     where e.case_id = o.case_id and e.ended_on is null and e.stalls and e.due_on < %(today)s
                       and (e.escalate_on, e.id) < (o.escalate_on, o.id))
                 order by o.escalate_on, o.id limit %(most)s) first
             order by first.since, first.id limit %(most)s)
           select w.force_code, w.case_ref, w.since,
                  array_agg(distinct o.rule || ' owed by ' || o.owed_by order by o.rule || ' owed by ' || o.owed_by)
           from worst w join obligations o on o.case_id = w.case_id and {_STALLED}
           group by w.case_id, w.force_code, w.case_ref, w.since, w.id order by w.since, w.id""",
        {"forces": list(force_codes), "today": today, "most": most},
    )
    return [StalledCaseRow(row[0], row[1], row[2], tuple(row[3])) for row in rows]


def restricted_stalled(connection: Connection, force_codes: Sequence[str], today: date) -> int:
    """How many restricted cases are stalled."""
    found: int = fetch(
        connection,
        f"""select count(*) from cases c where c.restricted and c.force_code = any(%(forces)s) and exists (
               select from obligations o where o.case_id = c.id and {_STALLED})""",
        {"forces": list(force_codes), "today": today},
    )[0][0]
    return found


def outbox(connection: Connection, today: date) -> list[tuple[str, int]]:
    """How many messages stand in each state: of the day, and of earlier days what is not said. History is not read."""
    rows = fetch(
        connection,
        """select state, count(*) from messages
           where day = %s or state in ('queued', 'retry') or state in ('claimed', 'sending')
                 or state in ('dead', 'unknown')
           group by state order by state""",
        (today,),
    )
    return [(row[0], row[1]) for row in rows]


def feeds(connection: Connection) -> list[FeedAge]:
    """Every source that sends, and from when it is late."""
    rows = fetch(
        connection,
        """select s.name, (s.last_extracted_at at time zone 'Europe/London')::date, o.due_on
           from sources s left join obligations o
             on o.case_id is null and o.rule = 'feed-stale' and o.subject = 'source:' || s.name and o.ended_on is null
           where s.agency is not null
           order by s.name""",
    )
    return [FeedAge(*row) for row in rows]

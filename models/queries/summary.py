"""Counts for the round's page."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.rows import fetch


class Feed(NamedTuple):
    """A source, the London day of its latest extract, and whether its successor is late."""

    name: str
    extracted_on: date
    late: bool


def stalled_by_force(connection: Connection, today: date, force_code: str | None = None) -> dict[str, int]:
    """How many cases are stalled in each force, or in one."""
    rows = fetch(
        connection,
        """select force_code, count(distinct case_id) from obligations
           where ended_on is null and stalls and escalate_on <= %(today)s and due_on < %(today)s
             and force_code is not null and (%(force)s::text is null or force_code = %(force)s) group by 1""",
        {"today": today, "force": force_code},
    )
    return {row[0]: row[1] for row in rows}


def stalled_before(connection: Connection, today: date) -> dict[str, int]:
    """How many were stalled at each force's latest round of an earlier day."""
    rows = fetch(
        connection,
        """select distinct on (force_code) force_code, (account ->> 'stalled')::int from rounds
           where day < %s and account ? 'stalled' order by force_code, day desc, id desc""",
        (today,),
    )
    return {row[0]: row[1] for row in rows}


def outbox(connection: Connection) -> list[tuple[str, int]]:
    """How many messages stand in each state."""
    rows = fetch(connection, "select state, count(*) from messages group by state order by state")
    return [(row[0], row[1]) for row in rows]


def feeds(connection: Connection, today: date) -> list[Feed]:
    """Every source, late ones marked."""
    rows = fetch(
        connection,
        """select s.name, (s.last_extracted_at at time zone 'Europe/London')::date,
                  coalesce(o.due_on < %s, false)
           from sources s left join obligations o
             on o.case_id is null and o.rule = 'feed-stale' and o.subject = 'source:' || s.name and o.ended_on is null
           order by s.name""",
        (today,),
    )
    return [Feed(*row) for row in rows]

"""Reads of how the obligations of the weeks before were answered, from which a rehearsal takes its pace."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import fetch_as
from models.queries.reviews.recorded_outcomes import SAT


class PastAnswer(NamedTuple):
    """So many obligations of a rule with the same days. `ended_on` is None while they are live."""

    rule: str
    from_on: date  # their day, or the day on which they began if that is later
    ended_on: date | None
    met: bool
    number: int


class PastSittings(NamedTuple):
    """The cases listed for the sittings of some weeks, and those of them that were reviewed there by both sides."""

    listed: int
    held: int


def answered(connection: Connection, since: date, until: date) -> list[PastAnswer]:
    """Return what came of the cases' obligations whose day is in a period; what ended otherwise before it is left out.

    What ended otherwise after its day was not answered until then.
    """
    statement = """
        select rule, from_on, ended_on, coalesce(end_reason = 'met', false) as met, count(*)::int as number
        from (select rule, greatest(due_on, began_on) as from_on, ended_on, end_reason from obligations
              where case_id is not null and end_reason is distinct from 'void') o
        where from_on between %s and %s and (ended_on is null or end_reason = 'met' or ended_on > from_on)
        group by 1, 2, 3, 4 order by 1, 2, 3, 4"""
    return fetch_as(connection, PastAnswer, statement, (since, until))


def sittings(connection: Connection, since: date, until: date) -> PastSittings:
    """Count the cases at the sittings of a period; what nobody recorded was not held."""
    statement = f"""
        select count(*)::int as listed, count(*) filter (where v."end" = 'held')::int as held
        from sittings s join convenings v on v.sitting_id = s.id and {SAT}
        where s.day between %s and %s and s.cancelled_on is null"""
    (past,) = fetch_as(connection, PastSittings, statement, (since, until))
    return past

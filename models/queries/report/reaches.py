"""Reads of how far the extracts of each source reach, and of the forces that have any in a month."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from config.terms import Agency
from models.queries.driver import fetch_as, scalar


class SourceReach(NamedTuple):
    """A source, and the last day of which its extracts tell whole: that before its latest one was taken."""

    id: int
    source: str
    agency: Agency
    covers: tuple[str, ...]
    reach_on: date | None  # None: it has sent nothing yet
    in_month: bool  # one was taken in the month
    taken_on: tuple[date, ...]  # the days of its loaded extracts, in order


def reaches(connection: Connection, from_on: date, last_on: date, today: date) -> list[SourceReach]:
    """Return each source by its name, as of a day."""
    statement = """
        select s.id, s.name as source, s.agency, s.covers, max(e.day) - 1 as reach_on,
               coalesce(bool_or(e.day between %(from)s and %(last)s), false) as in_month,
               coalesce(array_agg(distinct e.day) filter (where e.day is not null), '{}') as taken_on
        from sources s left join lateral (
            select (extracted_at at time zone 'Europe/London')::date as day from extracts
            where source_name = s.name and state = 'loaded') e on e.day <= %(today)s
        where s.agency is not null group by s.id order by s.name"""
    return fetch_as(connection, SourceReach, statement, {"from": from_on, "last": last_on, "today": today})


def of_own(connection: Connection) -> int | None:
    """Return Casebeat's own source, of which nothing can be late; None while nobody has recorded anything."""
    found: int | None = scalar(connection, "select id from sources where agency is null")
    return found

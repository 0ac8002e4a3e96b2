"""The cases that a source's newest extract left out, as far as operations may know which."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import one_as


class MissingCases(NamedTuple):
    """Some references of the open ones, and how many open ones those are of."""

    refs: list[str]
    open_cases: int


def named(connection: Connection, source: str, day: date, most: int) -> MissingCases:
    """Return those that a source's extract of a day left out. What is kept apart is counted and not named."""
    statement = """
        select coalesce((array_agg(force_code || '/' || case_ref order by force_code, case_ref)
                         filter (where not kept_apart))[:%(most)s], '{}') as refs,
               count(*)::int as open_cases
        from disclosed c join sources s on s.id = c.source_id
        where s.name = %(source)s and c.withdrawn_on = %(day)s and c.finalised_on is null"""
    return one_as(connection, MissingCases, statement, {"source": source, "day": day, "most": most})

"""The offence codes of a staged file, each with its rows."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import fetch_as
from models.queries.intake.staged import Staged


class UnlistedCode(NamedTuple):
    """An offence code that is in no list, and how many rows have it."""

    code: str
    rows: int


class RowsWithCodes(NamedTuple):
    """How many rows have offence codes, one of a list, and a classification of stalking or harassment."""

    rows: int
    listed: int
    classified: int


def unlisted(connection: Connection, file: Staged, column: str, listed: Collection[str]) -> list[UnlistedCode]:
    """Return the codes of the good rows that are in no list, those of most rows first."""
    # Not by disclosed: the codes of an extract's rows
    statement = f"""
        select left(upper(code), 7) as code, count(*) as rows
        from {file.table.name} s cross join lateral unnest(s.{column}) named(code)
        where not s.bad and not s.withdrawn and not left(upper(code), 7) = any(%(listed)s)
        group by 1 order by 2 desc, 1"""
    return fetch_as(connection, UnlistedCode, statement, {"listed": sorted(listed)})


def rows_with_codes(connection: Connection, file: Staged, column: str, listed: Collection[str]) -> RowsWithCodes:
    """Return how many good rows have codes, and how many of them are watched for one or by their classification."""
    # Not by disclosed: the codes of an extract's rows
    given = "s.classification in ('stalking', 'harassment')" if file.of_cases else "false"
    statement = f"""
        select count(*) as rows, count(*) filter (where {given}) as classified,
               count(*) filter (where exists (
                   select from unnest(s.{column}) named(code) where left(upper(code), 7) = any(%(listed)s))) as listed
        from {file.table.name} s where not s.bad and not s.withdrawn and cardinality(s.{column}) > 0"""
    (found,) = fetch_as(connection, RowsWithCodes, statement, {"listed": sorted(listed)})
    return found

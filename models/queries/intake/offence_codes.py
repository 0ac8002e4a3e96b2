"""The offence codes of a staged file, each with its rows."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import fetch_as, scalars
from models.queries.intake.staged import Staged
from models.rules.offences import well_formed


class UnlistedCode(NamedTuple):
    """An offence code that is in no list, and how many rows have it."""

    code: str
    rows: int


class UnwatchedCases(NamedTuple):
    """The open cases of a source's newest loaded extract that count as other since no list knows their codes."""

    source: str
    covers: tuple[str, ...]  # force codes
    extract_id: str
    cases: int
    codes: Sequence[str]

    @property
    def odd(self) -> list[str]:
        """Return the codes that are not written as CJS codes are."""
        return [code for code in self.codes if not well_formed(code)]


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


def of_open(connection: Connection, file: Staged, lines: Sequence[int]) -> list[Sequence[str]]:
    """Return the codes of each good row of an open case among these lines of cases.csv."""
    # Not by disclosed: the codes of an extract's rows
    statement = f"""
        select s.offence_codes from {file.table.name} s
        where s.line = any(%(lines)s) and not s.bad and not s.withdrawn and s.finalised_on is null"""
    return scalars(connection, statement, {"lines": lines})


def unwatched(connection: Connection) -> list[UnwatchedCases]:
    """Return such cases of each source's newest loaded extract, by source."""
    statement = """
        select s.name as source, s.covers, e.extract_id, (f.value ->> 'unwatched')::int as cases,
               f.value -> 'unwatched_codes' as codes
        from sources s cross join lateral (
          select extract_id, counts from extracts where source_name = s.name and state = 'loaded'
          order by extracted_at desc, id desc limit 1) e
        cross join lateral jsonb_each(e.counts) f
        where f.value ? 'unwatched' order by 1"""
    return fetch_as(connection, UnwatchedCases, statement)

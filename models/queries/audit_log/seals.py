"""The seals of the audit log: making them, and comparing them with the rows.

A row gets its id before its transaction commits, so that rows appear out of order. A seal lists the ids that it covers,
and the next one covers what has appeared since, also between them. A transaction lasts no longer than its time-outs
allow: after a day (`SETTLED`) no row can appear any more.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import fetch_as, first_as, scalar, scalars

ROWS = 10_000  # of one seal at most
MARK = 8  # bytes
SETTLED = "interval '1 day'"
_ROW = """sha256(convert_to(jsonb_build_array(
    a.id, extract(epoch from a.at)::text, a.verb, a.by, a.about, a.ref, a.to_ref, a.reason, a.detail)::text, 'UTF8'))"""
# A number and the first half of a digest, as `tasks.audit_log.sealing` writes them.
_HEAD = r"(?:^|[^0-9])([1-9][0-9]{0,17}:[0-9a-f]{32})(?![0-9a-f])"


def _digest(seal: str, before: str, rows: str) -> str:
    """Return the expression of a seal's digest."""
    return f"""sha256(coalesce({before}, ''::bytea) || {rows} || convert_to(
                   format('%%s %%s %%s', {seal}.number, extract(epoch from {seal}.sealed_at), {seal}.ids), 'UTF8'))"""


# The moment of the first seal that reached an id: the id was given before, and so was the row's moment.
_FIRST_AT = "(select f.sealed_at from audit_seals f where f.reach >= id order by f.number limit 1)"
_BEFORE = "coalesce(p.digest, case when s.number = %(begins)s then decode(%(digest)s, 'hex') end)"
_COMPARED = f"""
select s.number, s.row_count, p.number is not null or s.number = %(begins)s as follows,
       s.digest = {_digest("s", _BEFORE, "coalesce(found.digests, ''::bytea)")} as holds,
       s.row_count = found.row_count and s.marks = found.marks
         and (s.reach = greatest(p.reach, upper(s.ids) - 1) or p.number is null and s.reach >= upper(s.ids) - 1)
         as fits, found.oldest, found.newest, found.too_late
from audit_seals s left join audit_seals p on p.number = s.number - 1
cross join lateral (
    select string_agg(digest, '' order by id) as digests, count(*) as row_count,
           string_agg(substring(digest for {MARK}), '' order by id) as marks,
           min(at) as oldest, max(at) as newest,
           min(id) filter (where at > case when id > coalesce(p.reach, 0) then s.sealed_at else {_FIRST_AT} end)
             as too_late
    from (select a.id, a.at, {_ROW} as digest
          from unnest(s.ids) covered join audit a on a.id >= lower(covered) and a.id < upper(covered)
          offset 0) hashed -- each row is hashed once
) found
where s.number > %(after)s order by s.number limit %(most)s"""
_BROKEN_ROW = f"""
select covered.id, a.id is null as missing
from audit_seals s cross join lateral (
    select id, row_number() over (order by id) as place
    from unnest(s.ids) piece cross join lateral generate_series(lower(piece), upper(piece) - 1) id
) covered left join audit a using (id)
where s.number = %(number)s and (a.id is null or substring({_ROW} for {MARK})
      <> substring(s.marks from ((covered.place - 1) * {MARK} + 1)::int for {MARK}))
order by covered.id limit 1"""


class Head(NamedTuple):
    """The last seal: its number, and its digest in hexadecimal digits."""

    number: int
    digest: str


FIRST = Head(1, "")


class ComparedSeal(NamedTuple):
    """A seal beside its rows: whether the seal before is there, and whether its digest is that of its rows.

    `fits` tells whether its count, marks and reach, of which no digest is made, are those of its rows. Then come the
    moments of its oldest and newest row, and the first row whose moment is later than a seal that reached beyond it.
    """

    number: int
    row_count: int
    follows: bool
    holds: bool
    fits: bool
    oldest: datetime | None = None
    newest: datetime | None = None
    too_late: int | None = None


class DatedRow(NamedTuple):
    """A row with its moment, which cannot be that at which it was written."""

    id: int
    at: datetime


class BrokenRow(NamedTuple):
    """A row that is not as it was sealed, or is gone."""

    id: int
    missing: bool


def seal(connection: Connection) -> int:
    """Seal up to `ROWS` rows in the caller's transaction, and return how many. 0 too while another process seals."""
    return int(scalar(connection, "select seal_audit(%s)", (ROWS,)))


def head(connection: Connection) -> Head | None:
    """Return the last seal; None before the first."""
    statement = "select number, encode(digest, 'hex') as digest from audit_seals order by number desc limit 1"
    return first_as(connection, Head, statement)


def digest_of(connection: Connection, number: int) -> str | None:
    """Return a seal's digest in hexadecimal digits; None if there is no such seal."""
    found: str | None = scalar(connection, "select encode(digest, 'hex') from audit_seals where number = %s", (number,))
    return found


def sealed_at(connection: Connection, number: int) -> datetime:
    """Return the moment of a seal."""
    moment: datetime = scalar(connection, "select sealed_at from audit_seals where number = %s", (number,))
    return moment


def sealed_rows(connection: Connection) -> int:
    """Return how many rows the seals cover."""
    return int(scalar(connection, "select coalesce(sum(row_count), 0) from audit_seals"))


def first_number(connection: Connection) -> int | None:
    """Return the number of the first seal that is there: 1, or a later one where the beginning was erased."""
    found: int | None = scalar(connection, "select min(number) from audit_seals")
    return found


def compared(connection: Connection, after: int, most: int, begins: Head = FIRST) -> list[ComparedSeal]:
    """Compare up to `most` seals after a number with their rows, in their order.

    `begins` is the first seal that is there, with the digest of the one that was before it.
    """
    given = {"after": after, "most": most, "begins": begins.number, "digest": begins.digest}
    return fetch_as(connection, ComparedSeal, _COMPARED, given)


def broken_row(connection: Connection, number: int) -> BrokenRow | None:
    """Return the first row of a seal that differs from its mark; None where each is as it was."""
    return first_as(connection, BrokenRow, _BROKEN_ROW, {"number": number})


def added_row(connection: Connection) -> int | None:
    """Return the first row without a seal that was added below one that has a seal; None if none is.

    It was where a seal has reached beyond it for a day, or was made before the row's moment.
    """
    statement = f"""
        select id from audit
        where id < (select max(reach) from audit_seals) and not (select range_agg(ids) from audit_seals) @> id
          and (id < (select reach from audit_seals where sealed_at < now() - {SETTLED} order by number desc limit 1)
               or at > {_FIRST_AT})
        order by id limit 1"""
    found: int | None = scalar(connection, statement)
    return found


def too_old_row(connection: Connection, number: int, newest_before: datetime) -> DatedRow | None:
    """Return the first row of a seal that is a day older than the newest row of the seal before; None if none is."""
    statement = f"""
        select a.id, a.at from audit_seals s cross join lateral unnest(s.ids) covered
        join audit a on a.id >= lower(covered) and a.id < upper(covered)
        where s.number = %s and a.at < %s - {SETTLED} order by a.id limit 1"""
    return first_as(connection, DatedRow, statement, (number, newest_before))


def misdated_row(connection: Connection, newest: datetime | None) -> DatedRow | None:
    """Return the first row since the last seal that is of a moment to come, or a day older than the newest sealed."""
    statement = f"""
        select id, at from audit where id > coalesce((select max(reach) from audit_seals), 0)
          and (at > clock_timestamp() or at < %s::timestamptz - {SETTLED}) order by id limit 1"""
    return first_as(connection, DatedRow, statement, (newest,))


def unsealed_rows(connection: Connection) -> int:
    """Return how many rows have appeared since the last seal."""
    statement = """select count(*) from audit a
                   where a.id > coalesce((select reach from audit_seals order by number desc limit 1), 0)"""
    return int(scalar(connection, statement))


def reported_heads(connection: Connection) -> list[str]:
    """Return the heads that daily reports to operations named, as far as their texts are kept, the earliest first."""
    statement = """
        select (regexp_match(text, %(head)s))[1] from messages
        where kind = 'operations' and key ^@ 'daily:' and text ~ %(head)s order by id"""
    return scalars(connection, statement, {"head": _HEAD})

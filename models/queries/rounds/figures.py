"""Reads for monitoring: counts and moments by force, source and channel, which name no case and no person."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import execute, fetch_as, mapping
from models.queries.rounds.rounds import BOOK
from models.rules.outbox.message_states import DELIVERED


class OpenCases(NamedTuple):
    """A force's open cases, and those of them that could not be evaluated."""

    force_code: str
    open_cases: int
    failed: int


def open_cases(connection: Connection) -> list[OpenCases]:
    """Count the open cases of each force, from an index that holds little else."""
    statement = """
        select force_code, count(*)::int as open_cases,
               (count(*) filter (where projection = 'failed'))::int as failed
        from cases where finalised_on is null group by force_code order by force_code"""
    return fetch_as(connection, OpenCases, statement)


class RoundFigures(NamedTuple):
    """A force's last round that has an account: the steps that it took, and the stalled cases that it left."""

    force_code: str
    steps: int
    stalled: int


def last_accounts(connection: Connection) -> list[RoundFigures]:
    """Return the figures of each force's last round that ended well."""
    statement = """
        select distinct on (force_code) force_code, (account ->> 'stalled')::int as stalled,
               coalesce((account ->> 'chased')::int, 0) + coalesce((account ->> 'escalated')::int, 0) as steps
        from rounds where undoing_id is null and account ? 'stalled' and force_code <> %s
        order by force_code, id desc"""
    return fetch_as(connection, RoundFigures, statement, (BOOK,))


def whole_rounds(connection: Connection) -> dict[str, datetime]:
    """Return when the last round of each force ended well, and of `rounds.BOOK` that of the last one as a whole."""
    statement = """
        select force_code, max(ended_at) as ended_at from rounds
        where failure is null and undoing_id is null and account ->> 'state' is distinct from 'Failed'
        group by force_code having max(ended_at) is not null order by force_code"""
    return mapping(connection, "force_code", "ended_at", statement)


def sent(connection: Connection, since: datetime, day: date) -> dict[str, int]:
    """Count the messages of `day` and later that left since a moment, by channel."""
    statement = f"""
        select channel, count(*)::int as messages from messages
        where day >= %s and sent_at > %s and state in {DELIVERED} group by channel order by channel"""
    return mapping(connection, "channel", "messages", statement, (day, since))


class FeedFigures(NamedTuple):
    """The newest extract of a source that was loaded: when it was made, and its rows."""

    source: str
    extracted_at: datetime
    rows: int
    rejected: int


def feeds(connection: Connection) -> list[FeedFigures]:
    """Return the figures of each source that sends extracts."""
    statement = """
        select s.name as source, s.last_extracted_at as extracted_at, coalesce(n.rows, 0)::int as rows,
               coalesce(n.rejected, 0)::int as rejected
        from sources s left join lateral (
            select sum((f.value ->> 'rows')::int) as rows, sum((f.value ->> 'rejected')::int) as rejected
            from extracts e, jsonb_each(e.counts) f
            where e.source_name = s.name and e.state = 'loaded' and e.extracted_at = s.last_extracted_at) n on true
        where s.agency is not null order by s.name"""
    return fetch_as(connection, FeedFigures, statement)


def briefly(connection: Connection, seconds: int) -> None:
    """Let no statement of this transaction take longer. Whoever asks for figures asks again in a minute."""
    execute(connection, "select set_config('statement_timeout', %s, true)", (f"{seconds}s",))

"""Reads of the auditor: open cases that nothing watches, rows that are stuck, and accounts that do not balance."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.message_kinds import ENCLOSED
from config.terms import State
from models.queries.driver import execute, mapping, scalar, scalars
from models.queries.people.jurisdictions import IN_SCOPE
from models.rules.outbox.message_states import HELD, WAITING

# The live obligations `o` that watch their cases: their ladder has a step to come, or its last step was taken.
_WATCHING = """live_obligations o left join ladders l on l.rule = o.rule and l.force_code = o.force_code
    where (o.next_step_on is not null or o.last_step >= l.steps)"""
# The pairs of force and source of which a finished round has begun since the source's last extract was loaded.
_LOOKED_AT = """select r.force_code, s.id from rounds r join sources s on r.force_code = any(s.covers)
    where r.ended_at is not null and r.failure is null and r.undoing_id is null
    group by r.force_code, s.id, s.name
    having max(r.began_at) > (select max(e.judged_at) from extracts e
                              where e.source_name = s.name and e.state = 'loaded')"""


class Ladders(NamedTuple):
    """The number of steps of each rule's ladder, force by force, as three columns of one length."""

    force_codes: Sequence[str]
    rules: Sequence[str]
    steps: Sequence[int]


class StuckLimits(NamedTuple):
    """The moments and days before which a waiting row counts as stuck."""

    letters: datetime  # when letters should have left
    others: datetime  # when any other message should have left
    last_working: date  # the working day before today


def unwatched(connection: Connection, ladders: Ladders, harassment_in: Sequence[str]) -> dict[str, int]:
    """Count, force by force, the open cases in scope that no live obligation of theirs, or of a linked case, watches.

    A case that waits for the next round counts only where a finished round has passed it over.
    """
    statement = f"""
        with ladders as materialized (
            select * from unnest(%(force_codes)s::text[], %(rules)s::text[], %(steps)s::int[])
                          l(force_code, rule, steps)),
        looked_at as materialized ({_LOOKED_AT}),
        alone as materialized (
            select c.force_code, c.urn_key_id from cases c
            where c.finalised_on is null and {IN_SCOPE} and c.force_code in (select force_code from ladders)
              and (c.projection <> 'changed'
                   or c.projected_at is null and (c.force_code, c.source_id) in (select * from looked_at))
              and not exists (select from {_WATCHING} and o.case_id = c.id))
        select force_code, count(*) as cases from alone a
        where a.urn_key_id is null or not exists (
            select from {_WATCHING}
              and o.case_id in (select k.id from cases k where k.urn_key_id = a.urn_key_id))
        group by force_code order by force_code"""
    given = {**{name: list(column) for name, column in ladders._asdict().items()}, "harassment_in": list(harassment_in)}
    return mapping(connection, "force_code", "cases", statement, given)


def unclimbed(connection: Connection, force_codes: Sequence[str], before: date) -> dict[str, int]:
    """Count the live obligations of these forces whose next step fell due before a working day, and was not looked at.

    One that began after it, on a day off, waits: a round takes steps on working days alone.
    """
    statement = """
        select force_code, count(*) as obligations from live_obligations
        where force_code = any(%(codes)s) and next_step_on < %(before)s
          and began_on <= %(before)s
        group by force_code order by force_code"""
    return mapping(connection, "force_code", "obligations", statement, {"codes": list(force_codes), "before": before})


def stuck(connection: Connection, limits: StuckLimits) -> dict[str, int]:
    """Count the rows that should have gone on, by what they are; leases are compared with the database's clock."""
    statement = f"""
        with waiting as (
            select kind, contact_ref, due_at, day from messages
            where letter_id is null and state in {WAITING} and due_at < %(others)s)
        select 'claimed' as what, count(*) as rows from messages
        where state in {HELD} and lease_until < now() - interval '15 minutes'
        union all select 'letter', count(*) from waiting where kind = 'letter' and due_at < %(letters)s
        union all select 'message', count(*) from waiting
        where kind <> 'letter' and (contact_ref is null or kind <> all(%(enclosed)s))
        union all select 'enclosure', count(*) from waiting
        where contact_ref is not null and kind = any(%(enclosed)s) and day < %(last_working)s
        union all select 'notification', count(*) from notifications
        where message_id is null and state = '{State.QUEUED}' and happening <> 'resolved'
          and day < %(last_working)s"""
    return mapping(connection, "what", "rows", statement, {**limits._asdict(), "enclosed": ENCLOSED})


def unbalanced(connection: Connection, day: date) -> list[str]:
    """Return the forces whose last account of a day does not add up, or leaves out a case that is open."""
    statement = """
        select force_code from (
            select distinct on (force_code) force_code, account from rounds
            where day = %s and ended_at is not null and undoing_id is null and account ? 'to_project'
            order by force_code, id desc) last
        where (account ->> 'to_project')::int
              <> (account ->> 'evaluated')::int + (account ->> 'unchanged')::int + (account ->> 'failed')::int
        order by force_code"""
    return scalars(connection, statement, (day,))


def unevaluated(connection: Connection, day: date) -> dict[str, int]:
    """Count the cases to project, force by force, where the last account of a day has evaluated none of them."""
    statement = """
        select force_code, (account ->> 'to_project')::int as cases from (
            select distinct on (force_code) force_code, account from rounds
            where day = %s and ended_at is not null and undoing_id is null and account ? 'to_project'
            order by force_code, id desc) last
        where (account ->> 'to_project')::int > 0
          and (account ->> 'evaluated')::int + (account ->> 'unchanged')::int = 0
        order by force_code"""
    return mapping(connection, "force_code", "cases", statement, (day,))


def alone(connection: Connection) -> None:
    """Wait until no other auditor decides, and let none decide until this transaction ends."""
    execute(connection, "select pg_advisory_xact_lock(hashtext('casebeat assurance'), 0)")


def read_only(connection: Connection) -> None:
    """Let the transaction read one state of the database, and write nothing. Call it before any statement."""
    execute(connection, "set transaction isolation level repeatable read, read only")


def alarmed(connection: Connection, beginning: str, since: datetime, channel: str) -> bool:
    """Return whether an alarm whose key begins so was written since a moment, on one channel."""
    statement = """
        select exists (
            select from messages
            where kind = 'operations' and key ^@ %s and channel = %s and due_at > %s)"""
    return bool(scalar(connection, statement, (beginning, channel, since)))

"""Reads for the installation's status: counts and codes, each from an index that holds little else."""

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.terms import State
from models.intake import OWN
from models.queries.driver import fetch_as, one_as, scalar
from models.queries.outbox.outbox_list import FIRST_START, UNKNOWN_FOR
from models.rules.catalogue.contents import CONVENED
from models.rules.outbox.message_states import DELIVERED, UNDELIVERED, WAITING

# Whether nothing has reached the person of a message m on its channel since it failed.
_UNREACHED = f"""not exists (
    select from messages l
    where l.contact_ref = m.contact_ref and l.channel = m.channel and l.state in {DELIVERED}
      and l.sending_at > coalesce(m.sending_at, m.due_at))"""


class AccountOfDay(NamedTuple):
    """A force's last account of a day: cases by their result."""

    force_code: str
    to_project: int
    open_cases: int
    evaluated: int
    unchanged: int
    failed: int
    stalled: int

    @property
    def balances(self) -> bool:
        """Return whether every case to project is accounted for."""
        return self.to_project == self.evaluated + self.unchanged + self.failed


def accounts(connection: Connection, day: date) -> dict[str, AccountOfDay]:
    """Return the last account of each force's rounds of a day."""
    statement = """
        select distinct on (r.force_code) r.force_code, a.*
        from rounds r cross join lateral jsonb_to_record(r.account) as a(
            to_project int, open_cases int, evaluated int, unchanged int, failed int, stalled int)
        where r.day = %s and r.undoing_id is null and r.account ? 'stalled'
        order by r.force_code, r.id desc"""
    found = fetch_as(connection, AccountOfDay, statement, (day,))
    return {account.force_code: account for account in found}


class RoundMark(NamedTuple):
    """A force's rounds of one day, or those of `rounds.BOOK`: whether one of them ended well, and as a whole."""

    force_code: str
    day: date
    well: bool


def history(connection: Connection, first: date, last: date) -> list[RoundMark]:
    """Return the days between two on which rounds began, by force and for the rounds as a whole."""
    statement = """
        select force_code, day, bool_or(ended_at is not null and failure is null
                                   and account ->> 'state' is distinct from 'Failed') as well
        from rounds where day between %s and %s and undoing_id is null
        group by force_code, day"""
    return fetch_as(connection, RoundMark, statement, (first, last))


class OutboxNow(NamedTuple):
    """The outbox at a moment: messages that wait, those of them that are due, and those that failed.

    A dead message counts until its person was reached on its channel by a later one.
    """

    waiting: int
    due: int
    oldest_due_at: datetime | None
    retry: int
    unknown: int  # without an answer from the carrier for an hour
    dead: int
    held_since: datetime | None
    in_doubt: bool  # held by Casebeat itself, which asks whether the clock is right
    first_start: bool = False  # held before the first letter


def outbox(connection: Connection, at: datetime) -> OutboxNow:
    """Count the outbox."""
    statement = f"""
        select count(*) filter (where state in {WAITING}) as waiting,
               count(*) filter (where state in {WAITING} and due_at <= %(at)s) as due,
               min(due_at) filter (where state in {WAITING} and due_at <= %(at)s) as oldest_due_at,
               count(*) filter (where state = '{State.RETRY}') as retry,
               count(*) filter (where state = '{State.UNKNOWN}' and sending_at < %(settled)s) as unknown,
               count(*) filter (where state = '{State.DEAD}' and {_UNREACHED}) as dead,
               (select set_at from switches where name = 'held') as held_since,
               exists (select from switches where name = 'held' and set_by = %(own)s) as in_doubt,
               exists (select from switches where name = 'held' and set_by = %(first)s) as first_start
        from messages m
        where state in {WAITING} and letter_id is null or state in {UNDELIVERED}"""
    return one_as(
        connection, OutboxNow, statement, {"at": at, "settled": at - UNKNOWN_FOR, "own": OWN, "first": FIRST_START}
    )


class RejectedRows(NamedTuple):
    """The newest loaded extract of a source of which rows were rejected."""

    source: str
    extract_id: str
    rows: int


def rejected(connection: Connection) -> list[RejectedRows]:
    """Return the sources whose newest loaded extract had rows that could not be loaded."""
    statement = """
        select n.source, n.extract_id, n.rows
        from (select s.name as source, e.extract_id,
                     (select sum((f.value ->> 'rejected')::int) from jsonb_each(e.counts) f)::int as rows
              from sources s join extracts e
                on e.source_name = s.name and e.state = 'loaded' and e.extracted_at = s.last_extracted_at) n
        where n.rows > 0 order by n.source, n.extract_id"""
    return fetch_as(connection, RejectedRows, statement)


def failed_cases(connection: Connection) -> int:
    """Count the cases that could not be evaluated."""
    return int(scalar(connection, "select count(*) from cases where projection = 'failed'"))


def unaddressed(connection: Connection) -> int:
    """Count the cases that came to operations because nobody else is there to be notified of what they owe."""
    statement = """
        select count(distinct o.case_id) from notifications n join live_obligations o on o.id = n.obligation_id
        where n.live and n.contact_ref is null and o.case_id is not null
          and o.owed_by <> 'operations'"""
    return int(scalar(connection, statement))


def without_chair(connection: Connection, today: date) -> int:
    """Count the due joint reviews that sit nowhere because everybody who chairs a sitting to come is barred."""
    statement = f"""
        select count(*) from live_obligations o join disclosed c on c.id = o.case_id
        where o.rule in {CONVENED} and c.id in (select case_id from cases_apart where bars_any)
          and not exists (select from convenings v where v.case_id = c.id and v.ended_on is null)
          and (select bool_and(s.chair_ref = any(c.barred)) from sittings_ahead s
               where s.force_code = c.force_code and s.cps_area = c.cps_area and s.day > %(today)s)"""
    return int(scalar(connection, statement, {"today": today}))


class OperationsDuty(NamedTuple):
    """What operations owe under one rule: how many, and the first day that has passed."""

    rule: str
    number: int
    due_on: date


def operations_duties(connection: Connection, today: date, but: Collection[str]) -> list[OperationsDuty]:
    """Return what operations owe of no case and is due, by rule, without the rules in `but`."""
    statement = """
        select rule, count(*)::int as number, min(due_on) as due_on from live_obligations
        where case_id is null and owed_by = 'operations' and due_on <= %s and rule <> all(%s)
        group by rule order by min(due_on), rule"""
    return fetch_as(connection, OperationsDuty, statement, (today, list(but)))

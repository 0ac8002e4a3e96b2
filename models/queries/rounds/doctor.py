"""Reads for `casebeat doctor`: the database's own state, and what the installation knows about itself."""

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.terms import Agency
from models.queries.driver import fetch_as, mapping, one_as, scalars
from models.queries.intake.clocks import ON_ANOTHER_MACHINE
from models.queries.people.contacts import ACTIVE, LEADING
from models.rules.outbox.message_states import UNDERWAY

MACHINE = "secret:"  # a switch for each machine, by its name
_TABLES = "c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace"


class DatabaseState(NamedTuple):
    """A connection's server, its encryption, and what its login may do to the tables and the audit log."""

    server: int  # the cluster's identifier
    name: str  # the database's
    version: int  # as 180006
    elsewhere: bool
    encrypted: bool
    owns: bool
    changes_audit: bool
    lacks: tuple[str, ...]  # the rights that its work needs, as "temporary tables", "insert on cases"


class AbsentLeader(NamedTuple):
    """A SPOC, lead or legal manager who is away, until a day."""

    contact_ref: str
    agency: Agency
    to_on: date


class QueuedMessages(NamedTuple):
    """Messages that should have left: their channel, their number and since when the oldest is due."""

    channel: str
    messages: int
    since: datetime


class KnownMachine(NamedTuple):
    """A machine that works on this database, and the fingerprint of its signing secret."""

    name: str
    fingerprint: str


def database_state(connection: Connection) -> DatabaseState:
    """Read the state of a database, and the rights of the login: a role that was set may be reset."""
    statement = f"""
        select (select system_identifier from pg_control_system()) as server, current_database()::text as name,
               current_setting('server_version_num')::int as version, {ON_ANOTHER_MACHINE} as elsewhere,
               coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false) as encrypted,
               exists (select from pg_class c
                       where {_TABLES} and pg_has_role(session_user, c.relowner, 'member')) as owns,
               exists (select from pg_class c where {_TABLES} and c.relname = 'audit'
                         and has_table_privilege(session_user, c.oid, 'update, delete, truncate'))
                 as changes_audit,
               array(select 'temporary tables'
                     where not has_database_privilege(session_user, current_database(), 'temporary')
                     union all
                     select r || ' on ' || c.relname
                     from pg_class c, unnest(array['select', 'insert', 'update', 'delete']) r
                     where {_TABLES} and not has_table_privilege(session_user, c.oid, r)
                       and (r = 'select' or c.relname not in ('audit', 'audit_seals', 'alembic_version'))
                     union all
                     select 'select on ' || c.relname
                     from pg_class c where c.relkind = 'v' and c.relnamespace = 'public'::regnamespace
                       and not has_table_privilege(session_user, c.oid, 'select')
                     union all
                     select 'insert on audit' where not has_column_privilege(session_user, 'audit', 'verb', 'insert')
                     union all
                     select 'execute seal_audit'
                     where not has_function_privilege(session_user, 'seal_audit(integer)', 'execute')
                     order by 1) as lacks"""
    return one_as(connection, DatabaseState, statement)


def zone_is_known(connection: Connection, zone: str) -> bool:
    """Return whether the server knows a time zone with its summer time: one hour at noon of a July day."""
    statement = """
        select extract(hour from '2026-07-15 12:00+00'::timestamptz at time zone name) = 13
        from pg_timezone_names where name = %s"""
    found = scalars(connection, statement, (zone,))
    return found == [True]


def inactive(connection: Connection, refs: Collection[str], today: date) -> list[str]:
    """Return those of these contacts who are unknown, or not active on a day."""
    statement = f"""
        select ref from unnest(%(refs)s::text[]) ref
        where not exists (select from contacts c where c.contact_ref = ref and {ACTIVE}) order by ref"""
    return scalars(connection, statement, {"refs": sorted(set(refs)), "today": today})


def forces_without_lead(connection: Connection, force_codes: Collection[str], today: date) -> list[str]:
    """Return those of these forces that have no active lead."""
    statement = f"""
        select code from unnest(%(codes)s::text[]) code
        where not exists (select from contacts c where {LEADING} and 'lead' = any(c.roles)
                            and c.agency = 'police' and code = any(c.force_codes) and {ACTIVE}) order by code"""
    return scalars(connection, statement, {"codes": list(force_codes), "today": today})


def absent_leaders(connection: Connection, today: date) -> list[AbsentLeader]:
    """Return the active SPOCs, leads and legal managers who are away on a day."""
    statement = f"""
        select c.contact_ref, c.agency, max(a.to_on) as to_on from contacts c join absences a using (contact_ref)
        where {LEADING} and {ACTIVE} and a.withdrawn_on is null and %(today)s between a.from_on and a.to_on
        group by c.contact_ref, c.agency order by c.contact_ref"""
    return fetch_as(connection, AbsentLeader, statement, {"today": today})


def mail_domains(connection: Connection, today: date) -> dict[str, int]:
    """Count the active contacts by the domain of their mail address, in lower case."""
    statement = f"""
        select coalesce(lower(substring(c.email from '@([^@]*)$')), 'no domain') as domain,
               count(*)::int as contacts
        from contacts c where {ACTIVE} group by 1 order by 1"""
    return mapping(connection, "domain", "contacts", statement, {"today": today})


def overdue(connection: Connection, before: datetime) -> list[QueuedMessages]:
    """Count, by channel, the messages that wait although they were due before a moment."""
    statement = f"""
        select channel, count(*)::int as messages, min(due_at) as since from messages
        where state in {UNDERWAY} and letter_id is null and due_at < %s
        group by channel order by channel"""
    return fetch_as(connection, QueuedMessages, statement, (before,))


def machines(connection: Connection, since: datetime) -> list[KnownMachine]:
    """Return the machines that have been seen since a moment."""
    statement = """
        select substr(name, length(%(prefix)s) + 1) as name, value as fingerprint from switches
        where starts_with(name, %(prefix)s) and set_at >= %(since)s order by 1"""
    return fetch_as(connection, KnownMachine, statement, {"prefix": MACHINE, "since": since})

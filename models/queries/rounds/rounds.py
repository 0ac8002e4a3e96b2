"""Reads and writes of rounds: their locks, days and accounts, and the installation's switches."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from models.queries.driver import execute, fetch_as, first_as, mapping, scalar, scalars
from models.queries.kept_plans import Kept

BOOK = "--"  # in place of a force code: the round as a whole, and its work on what belongs to no force
ENDED_WELL = "ended_at is not null and failure is null and undoing_id is null"


def lock(connection: Connection, force_code: str) -> None:
    """Wait for the force's advisory lock and hold it until the session ends or `unlock`."""
    execute(connection, "select pg_advisory_lock(hashtext('casebeat round'), hashtext(%s))", (force_code,))


def unlock(connection: Connection, force_code: str) -> None:
    """Release the force's advisory lock."""
    execute(connection, "select pg_advisory_unlock(hashtext('casebeat round'), hashtext(%s))", (force_code,))


def lock_whole(connection: Connection) -> None:
    """Show that a round as a whole is running, beside others, until the session ends."""
    execute(connection, "select pg_advisory_lock_shared(hashtext('casebeat round'), hashtext('whole'))")


class RoundOf(NamedTuple):
    """A force's round, by its day."""

    force_code: str
    day: date


def last(connection: Connection, force_code: str | None) -> RoundOf | None:
    """Return the latest round of a force, or of any force, finished or not; None before the first.

    A round that was undone does not count.
    """
    statement = """
        select force_code, day from rounds
        where undoing_id is null and (%(force)s::text is null or force_code = %(force)s) and force_code <> %(book)s
        order by day desc, force_code limit 1"""
    return first_as(connection, RoundOf, statement, {"force": force_code, "book": BOOK})


def last_finished(connection: Connection, force_code: str) -> date | None:
    """Return the day of the force's latest round that ended well."""
    statement = f"select max(day) from rounds where force_code = %s and {ENDED_WELL}"
    day: date | None = scalar(connection, statement, (force_code,))
    return day


def last_finished_before(connection: Connection, today: date) -> date | None:
    """Return the day of the latest round of any force that ended well on a day before today."""
    statement = f"select max(day) from rounds where day < %s and force_code <> %s and {ENDED_WELL}"
    day: date | None = scalar(connection, statement, (today, BOOK))
    return day


def begin(connection: Connection, force_code: str, day: date, at: datetime) -> int:
    """Record that a round began, and return its id."""
    statement = "insert into rounds (force_code, day, began_at, account) values (%s, %s, %s, '{}') returning id"
    return int(scalar(connection, statement, (force_code, day, at)))


def finish(
    connection: Connection, round_id: int, at: datetime, account: dict[str, Any], failure: str | None = None
) -> None:
    """Record that a round ended, with its account; and why it failed, if it did."""
    statement = "update rounds set ended_at = %s, account = %s, failure = %s where id = %s"
    execute(connection, statement, (at, json.dumps(account), failure, round_id))


class RoundOfDay(NamedTuple):
    """A force's latest round of a day, or `BOOK`'s. Without an end it runs, or it was killed if it is not `running`."""

    force_code: str
    began_at: datetime
    ended_at: datetime | None
    failure: str | None  # an opaque reason
    attempts: int  # rounds begun on that day
    running: bool  # whether its lock is held now
    state: str | None = None  # that in which `BOOK`'s ended


def of_day(connection: Connection, day: date) -> list[RoundOfDay]:
    """Return the latest round of a day of each force, by force code; `BOOK`, which comes first, is the whole round."""
    statement = """
        select distinct on (force_code) force_code, began_at, ended_at, failure,
               count(*) over (partition by force_code) as attempts,
               exists (select from pg_locks
                       where locktype = 'advisory' and granted
                         and database = (select oid from pg_database where datname = current_database())
                         and classid = hashtext('casebeat round')::oid
                         and objid = hashtext(case force_code when %(book)s then 'whole' else force_code end)::oid
                      ) as running,
               account ->> 'state' as state
        from rounds where day = %(day)s and undoing_id is null order by force_code, id desc"""
    return fetch_as(connection, RoundOfDay, statement, {"day": day, "book": BOOK})


class RoundAfter(NamedTuple):
    """A force's latest round of those that began after another: its account as it was kept, and why it failed."""

    force_code: str
    id: int
    ended: bool
    account: Mapping[str, Any]
    failure: str | None


def begun_after(connection: Connection, round_id: int) -> dict[str, RoundAfter]:
    """Return each force's latest round that began after another one, by force code."""
    statement = """
        select distinct on (force_code) force_code, id, ended_at is not null as ended, account, failure
        from rounds where id > %s and force_code <> %s and undoing_id is null order by force_code, id desc"""
    found = fetch_as(connection, RoundAfter, statement, (round_id, BOOK))
    return {round_after.force_code: round_after for round_after in found}


def open_cases(connection: Connection, force_codes: Sequence[str]) -> dict[str, int]:
    """Return the number of open cases of each of the forces."""
    statement = """
        select code as force_code, count(c.id) as cases
        from unnest(%s::text[]) f(code) left join cases c on c.force_code = code and c.finalised_on is null
        group by code"""
    return mapping(connection, "force_code", "cases", statement, (list(force_codes),))


def held(connection: Connection, force_codes: Sequence[str]) -> list[str]:
    """Return those of the forces whose lock is held now, with a round of the day or without; `BOOK` is the whole."""
    statement = """
        select code from unnest(%(codes)s::text[]) f(code)
        where exists (select from pg_locks
                      where locktype = 'advisory' and granted
                        and database = (select oid from pg_database where datname = current_database())
                        and classid = hashtext('casebeat round')::oid
                        and objid = hashtext(case code when %(book)s then 'whole' else code end)::oid)"""
    return scalars(connection, statement, {"codes": list(force_codes), "book": BOOK})


def clear_changed_marks(connection: Connection) -> None:
    """Clear the marks of changed contacts and absences, which the climb of every force has seen."""
    execute(connection, "update contacts set changed = false where changed")
    execute(connection, "update absences set changed = false where changed")


def switch(connection: Connection, name: str) -> str | None:
    """Return the value of a switch of the installation; None where it was never set."""
    found: str | None = scalar(connection, Kept("select value from switches where name = %(name)s"), {"name": name})
    return found


def set_switch(connection: Connection, name: str, value: str, at: datetime) -> None:
    """Set a switch of the installation."""
    statement = """
        insert into switches (name, value, set_at, set_by) values (%s, %s, %s, 'casebeat')
        on conflict (name) do update set value = excluded.value, set_at = excluded.set_at"""
    execute(connection, statement, (name, value, at))

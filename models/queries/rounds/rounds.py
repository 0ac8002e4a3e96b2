"""Reads and writes of rounds: their locks, days and accounts, and the installation's switches."""

import json
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from models.queries.driver import execute, first_as, scalar


def lock(connection: Connection, force_code: str) -> None:
    """Wait for the force's advisory lock and hold it until the session ends or `unlock`."""
    execute(connection, "select pg_advisory_lock(hashtext('casebeat round'), hashtext(%s))", (force_code,))


def unlock(connection: Connection, force_code: str) -> None:
    """Release the force's advisory lock."""
    execute(connection, "select pg_advisory_unlock(hashtext('casebeat round'), hashtext(%s))", (force_code,))


class LastRound(NamedTuple):
    """A force's latest round, by its day."""

    force_code: str
    day: date


def last(connection: Connection, force_code: str | None) -> LastRound | None:
    """Return the latest round of a force, or of any force, finished or not; None before the first.

    A round that was undone does not count.
    """
    return first_as(
        connection,
        LastRound,
        """select force_code, day from rounds
           where undoing_id is null and (%(force)s::text is null or force_code = %(force)s)
           order by day desc, force_code limit 1""",
        {"force": force_code},
    )


def last_finished(connection: Connection, force_code: str) -> date | None:
    """Return the day of the force's latest round that ended."""
    found: date | None = scalar(
        connection,
        "select max(day) from rounds where force_code = %s and ended_at is not null and undoing_id is null",
        (force_code,),
    )
    return found


def last_finished_before(connection: Connection, today: date) -> date | None:
    """Return the day of the latest round of any force that ended on a day before today."""
    found: date | None = scalar(
        connection,
        "select max(day) from rounds where day < %s and ended_at is not null and undoing_id is null",
        (today,),
    )
    return found


def begin(connection: Connection, force_code: str, day: date, at: datetime) -> int:
    """Record that a round began, and return its id."""
    found: int = scalar(
        connection,
        "insert into rounds (force_code, day, began_at, account) values (%s, %s, %s, '{}') returning id",
        (force_code, day, at),
    )
    return found


def finish(connection: Connection, round_id: int, at: datetime, account: dict[str, Any]) -> None:
    """Record that a round ended, with its account."""
    execute(
        connection, "update rounds set ended_at = %s, account = %s where id = %s", (at, json.dumps(account), round_id)
    )


def clear_changed_marks(connection: Connection) -> None:
    """Clear the marks of changed contacts and absences, which the climb of every force has seen."""
    execute(connection, "update contacts set changed = false where changed")
    execute(connection, "update absences set changed = false where changed")


def switch(connection: Connection, name: str) -> str | None:
    """Return the value of a switch of the installation; None where it was never set."""
    found: str | None = scalar(connection, "select value from switches where name = %s", (name,))
    return found


def set_switch(connection: Connection, name: str, value: str, at: datetime) -> None:
    """Set a switch of the installation."""
    execute(
        connection,
        """insert into switches (name, value, set_at, set_by) values (%s, %s, %s, 'casebeat')
           on conflict (name) do update set value = excluded.value, set_at = excluded.set_at""",
        (name, value, at),
    )

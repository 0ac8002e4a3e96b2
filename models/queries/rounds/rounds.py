"""The rounds: whose turn it is, when each was last run, and what each found."""

import json
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from models.queries.driver import execute, fetch


def lock(connection: Connection, force_code: str) -> None:
    """Wait for the force's advisory lock and hold it until the session ends or `unlock`."""
    fetch(connection, "select pg_advisory_lock(hashtext('casebeat round'), hashtext(%s))", (force_code,))


def unlock(connection: Connection, force_code: str) -> None:
    """Give the force's advisory lock back."""
    fetch(connection, "select pg_advisory_unlock(hashtext('casebeat round'), hashtext(%s))", (force_code,))


def last_day(connection: Connection, force_code: str) -> date | None:
    """The day of the force's latest round, finished or not."""
    found = fetch(connection, "select max(day) from rounds where force_code = %s", (force_code,))
    return found[0][0]  # type: ignore[no-any-return]


def last_finished(connection: Connection, force_code: str) -> date | None:
    """The day of the force's latest round that ended."""
    found = fetch(
        connection, "select max(day) from rounds where force_code = %s and ended_at is not null", (force_code,)
    )
    return found[0][0]  # type: ignore[no-any-return]


def begin(connection: Connection, force_code: str, day: date, at: datetime) -> int:
    """Record that a round began; its id."""
    found = fetch(
        connection,
        "insert into rounds (force_code, day, began_at, account) values (%s, %s, %s, '{}') returning id",
        (force_code, day, at),
    )
    return int(found[0][0])


def finish(connection: Connection, round_id: int, at: datetime, account: dict[str, Any]) -> None:
    """Record that a round ended, with its account."""
    execute(
        connection, "update rounds set ended_at = %s, account = %s where id = %s", (at, json.dumps(account), round_id)
    )


def people_looked_at(connection: Connection) -> None:
    """Every force's climb has seen who changed."""
    execute(connection, "update contacts set changed = false where changed")
    execute(connection, "update absences set changed = false where changed")


def switch(connection: Connection, name: str) -> str | None:
    """A named fact about the installation; None where it was never set."""
    found = fetch(connection, "select value from switches where name = %s", (name,))
    return found[0][0] if found else None


def set_switch(connection: Connection, name: str, value: str, at: datetime) -> None:
    """Set a named fact about the installation."""
    execute(
        connection,
        """insert into switches (name, value, set_at, set_by) values (%s, %s, %s, 'casebeat')
           on conflict (name) do update set value = excluded.value, set_at = excluded.set_at""",
        (name, value, at),
    )

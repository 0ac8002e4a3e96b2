"""Reads and writes of paused carriers: each is a switch, which survives restarts."""

import json
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import execute, fetch_as, scalar

_PREFIX = "paused:"


class Pause(NamedTuple):
    """A carrier that failed: why, since when, how often it was tried in vain, and until when it is paused."""

    channel: str
    why: str
    since: datetime
    tried_at: datetime
    until: datetime
    tries: int
    refusing: bool = False  # it answered, and refused everybody

    def rests(self, at: datetime) -> bool:
        """Return whether it rests at a moment. A worker at the moment of the last try, or before, may still try."""
        return self.tried_at < at < self.until


class _Switch(NamedTuple):
    name: str
    value: str
    set_at: datetime


def pauses(connection: Connection) -> list[Pause]:
    """Return every carrier that is paused."""
    statement = "select name, value, set_at from switches where starts_with(name, %s) order by name"
    return [_pause(switch) for switch in fetch_as(connection, _Switch, statement, (_PREFIX,))]


def pause(connection: Connection, channel: str) -> Pause | None:
    """Return the pause of a carrier, locked until commit; None where it is not paused."""
    statement = "select name, value, set_at from switches where name = %s for update"
    found = fetch_as(connection, _Switch, statement, (_PREFIX + channel,))
    return next(map(_pause, found), None)


def _pause(switch: _Switch) -> Pause:
    kept = json.loads(switch.value)
    return Pause(
        channel=switch.name.removeprefix(_PREFIX),
        why=kept["why"],
        since=datetime.fromisoformat(kept["since"]),
        tried_at=switch.set_at,
        until=datetime.fromisoformat(kept["until"]),
        tries=kept["tries"],
        refusing=kept.get("refusing", False),
    )


def told_since(connection: Connection, channel: str, moment: datetime) -> bool:
    """Return whether operations know since a moment that a carrier is paused."""
    statement = "select exists (select from messages where starts_with(key, %s) and due_at > %s)"
    return bool(scalar(connection, statement, (f"{_PREFIX}{channel}:", moment)))


def begin(connection: Connection, made: Pause) -> bool:
    """Pause a carrier; return whether no other worker had just paused it."""
    return execute(
        connection,
        "insert into switches (name, value, set_at, set_by) values (%s, %s, %s, 'casebeat') on conflict do nothing",
        (_PREFIX + made.channel, _value(made), made.tried_at),
    ) > 0  # fmt: skip


def prolong(connection: Connection, made: Pause) -> None:
    """Record that a paused carrier was tried in vain once more."""
    statement = "update switches set value = %s, set_at = %s where name = %s"
    execute(connection, statement, (_value(made), made.tried_at, _PREFIX + made.channel))


def _value(made: Pause) -> str:
    kept = {"why": made.why, "since": made.since.isoformat(), "until": made.until.isoformat(), "tries": made.tries}
    return json.dumps({**kept, "refusing": made.refusing})


def end(connection: Connection, channel: str | None = None) -> bool:
    """End the pause of a carrier (None: of all); return whether any was paused."""
    name = _PREFIX + (channel or "")
    return execute(connection, "delete from switches where starts_with(name, %s)", (name,)) > 0

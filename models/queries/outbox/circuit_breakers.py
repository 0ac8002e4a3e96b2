"""Carriers that rest because they were down: a switch each, which survives restarts."""

import json
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import execute, fetch

_PREFIX = "paused:"


class Pause(NamedTuple):
    """A carrier that could not be used: since when, why, how often it was tried in vain, and until when it rests."""

    channel: str
    why: str
    since: datetime
    tried_at: datetime
    until: datetime
    tries: int

    def rests(self, at: datetime) -> bool:
        """Whether it is left alone at a moment. Whoever works at the moment of the last try, or before, may try."""
        return self.tried_at < at < self.until


def pauses(connection: Connection) -> list[Pause]:
    """Every carrier that is paused."""
    rows = fetch(
        connection, "select name, value, set_at from switches where starts_with(name, %s) order by name", (_PREFIX,)
    )
    return [_pause(*row) for row in rows]


def pause(connection: Connection, channel: str) -> Pause | None:
    """Why and until when a carrier is paused; the switch is this transaction's until it ends."""
    rows = fetch(
        connection, "select name, value, set_at from switches where name = %s for update", (_PREFIX + channel,)
    )
    return _pause(*rows[0]) if rows else None


def _pause(name: str, value: str, tried_at: datetime) -> Pause:
    kept = json.loads(value)
    moments = (datetime.fromisoformat(kept["since"]), tried_at, datetime.fromisoformat(kept["until"]))
    return Pause(name.removeprefix(_PREFIX), kept["why"], *moments, kept["tries"])


def begin(connection: Connection, made: Pause) -> bool:
    """Pause a carrier; whether nobody else had just done so."""
    return execute(
        connection,
        "insert into switches (name, value, set_at, set_by) values (%s, %s, %s, 'casebeat') on conflict do nothing",
        (_PREFIX + made.channel, _value(made), made.tried_at),
    ) > 0  # fmt: skip


def prolong(connection: Connection, made: Pause) -> None:
    """Keep that a paused carrier was tried in vain once more."""
    execute(
        connection,
        "update switches set value = %s, set_at = %s where name = %s",
        (_value(made), made.tried_at, _PREFIX + made.channel),
    )


def _value(made: Pause) -> str:
    kept = {"why": made.why, "since": made.since.isoformat(), "until": made.until.isoformat(), "tries": made.tries}
    return json.dumps(kept)


def end(connection: Connection, channel: str | None = None) -> bool:
    """Let a carrier go on, or all of them; whether any had been paused."""
    name = _PREFIX + (channel or "")
    return execute(connection, "delete from switches where starts_with(name, %s)", (name,)) > 0

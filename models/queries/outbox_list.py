"""What `casebeat outbox` shows, and the switch that stops every carrier."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from config.terms import State
from models.queries.rows import execute, fetch

_HELD = "held"


class Listed(NamedTuple):
    """One message that waits, failed or fell silent; its words are never listed."""

    key: str
    kind: str
    channel: str
    state: State
    reason: str
    due_at: datetime
    attempts: int


def listed(connection: Connection, *, everything: bool = False) -> list[Listed]:
    """Messages that are not yet said or cannot be, oldest first; with `everything`, those that were said too."""
    rows = fetch(
        connection,
        """select key, kind, channel, state, reason, due_at, attempts from messages
           where %s or state in ('queued', 'retry', 'claimed', 'sending', 'unknown', 'dead') order by due_at, id""",
        (everything,),
    )
    return [Listed(key, kind, channel, State(state), *rest) for key, kind, channel, state, *rest in rows]


def counted(connection: Connection) -> dict[str, int]:
    """How many messages are in each state."""
    return {row[0]: row[1] for row in fetch(connection, "select state, count(*) from messages group by state")}


def dead(connection: Connection, key: str) -> int | None:
    """The id of the dead message with this key."""
    found: list[tuple[Any, ...]] = fetch(
        connection, "select id from messages where key = %s and state = 'dead'", (key,)
    )
    return int(found[0][0]) if found else None


def is_held(connection: Connection) -> bool:
    """Whether someone has stopped every carrier."""
    return bool(fetch(connection, "select 1 from switches where name = %s", (_HELD,)))


def hold(connection: Connection, by: str, at: datetime) -> None:
    """Stop every carrier until `release`; it outlives restarts."""
    execute(
        connection,
        """insert into switches (name, value, set_at, set_by) values (%s, 'yes', %s, %s)
           on conflict (name) do nothing""",
        (_HELD, at, by),
    )


def release(connection: Connection) -> bool:
    """Let the carriers go on; whether they had been stopped. What waited reads the world anew before it is said."""
    return execute(connection, "delete from switches where name = %s", (_HELD,)) > 0

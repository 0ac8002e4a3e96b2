"""What `casebeat outbox` shows, and the switch that stops every carrier."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection

from config.terms import State
from models.queries.driver import execute, fetch

_HELD = "held"
UNKNOWN_FOR = timedelta(hours=1)


class ListedMessage(NamedTuple):
    """One message that waits, failed or fell silent; its words are never listed."""

    key: str
    kind: str
    channel: str
    state: State
    reason: str
    due_at: datetime
    attempts: int


def listed(connection: Connection, *, everything: bool = False) -> list[ListedMessage]:
    """Messages that are not yet said or cannot be, oldest first; with `everything`, those that were said too."""
    rows = fetch(
        connection,
        """select key, kind, channel, state, reason, due_at, attempts from messages
           where %s or state in ('queued', 'retry', 'claimed', 'sending', 'unknown', 'dead') order by due_at, id""",
        (everything,),
    )
    return [ListedMessage(key, kind, channel, State(state), *rest) for key, kind, channel, state, *rest in rows]


def counted(connection: Connection) -> dict[str, int]:
    """How many messages are in each state."""
    return {row[0]: row[1] for row in fetch(connection, "select state, count(*) from messages group by state")}


def dead(connection: Connection, key: str) -> int | None:
    """The id of the dead message with this key."""
    found: list[tuple[Any, ...]] = fetch(
        connection, "select id from messages where key = %s and state = 'dead'", (key,)
    )
    return int(found[0][0]) if found else None


class UntoldMessage(NamedTuple):
    """A message that could not be said, or of which nobody knows; what it was about that was said on no other channel.

    `elsewhere`: all of it was said, or waits to be, on another channel. Restricted cases have no reference.
    """

    key: str
    state: State
    reason: str
    elsewhere: bool
    about: tuple[str, ...]


def to_be_told(connection: Connection, as_of: datetime) -> list[UntoldMessage]:
    """What operations have not been told of yet, and now are: dead messages, and those unknown for an hour."""
    rows = fetch(
        connection,
        """with found as (
             update messages set told = true
             where not told and state in ('dead', 'unknown') and (state = 'dead' or sending_at < %s)
             returning id, key, state, reason)
           select f.key, f.state, f.reason, count(n.id) > 0 and count(n.id) = count(n.id) filter (where w.said),
                  array_agg(distinct case when c.restricted then 'a restricted case'
                                          else concat_ws('/', o.force_code, c.case_ref) end
                            || ' ' || o.rule || ' ' || n.step_name) filter (where not w.said)
           from found f
           left join notifications n on n.message_id = f.id and n.state <> 'silent'
           left join obligations o on o.id = n.obligation_id left join cases c on c.id = o.case_id
           left join lateral (
             select exists (select from notifications s
                            where s.obligation_id = n.obligation_id and s.step = n.step and s.occasion = n.occasion
                              and s.contact_ref = n.contact_ref and s.channel <> n.channel
                              and s.state not in ('dead', 'silent')) as said) w on true
           group by f.id, f.key, f.state, f.reason order by f.id""",
        (as_of - UNKNOWN_FOR,),
    )
    return [
        UntoldMessage(key, State(state), reason, elsewhere, tuple(about or ()))
        for key, state, reason, elsewhere, about in rows
        if not key.startswith("undelivered:")  # never about their own mail
    ]


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

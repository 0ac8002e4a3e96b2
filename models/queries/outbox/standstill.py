"""The moment of the last delivery that ended, the messages that should have left since, and those that wait."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.message_kinds import ENCLOSED
from config.terms import State
from models.queries.driver import execute, fetch_as, one_as, scalar
from models.queries.outbox.outbox import LET_OUT
from models.rules.outbox.message_states import ENDED, HELD, WAITING

_ACCEPTED_DAYS = 7  # a message that waits for longer than that is of a day off
_ENDED = "delivery"  # the switch whose moment is that of the last delivery which ended


class DueMessages(NamedTuple):
    """The messages that may leave now, since when the first of them may, and what deliveries have done about it."""

    number: int
    since: datetime | None
    delivered_at: datetime | None  # when the last delivery that ended began
    delivering: bool  # one that lives holds messages
    held: bool


def ended(connection: Connection, at: datetime) -> None:
    """Keep the moment of a delivery that has ended."""
    statement = """
        insert into switches (name, value, set_at, set_by) values (%s, 'ended', %s, 'casebeat')
        on conflict (name) do update set set_at = excluded.set_at"""
    execute(connection, statement, (_ENDED, at))


def due(connection: Connection, at: datetime, letters: datetime | None) -> DueMessages:
    """Count what may leave at a moment. `letters`: since when letters of today may; None while they may not.

    What travels in a person's letter waits for that letter, and does not count.
    """
    statement = f"""
        select count(*)::int as number, min(leaves_at) as since,
               (select set_at from switches where name = %(ended)s) as delivered_at,
               exists (select from messages where state in {HELD} and lease_until > now())
                 as delivering,
               exists (select from switches where name = 'held') as held
        from (select case kind when 'letter' then greatest(due_at, %(letters)s) else due_at end as leaves_at
              from messages
              where letter_id is null and state in {WAITING} and due_at <= %(at)s
                and (kind <> 'letter' or %(letters)s::timestamptz is not null)
                and (contact_ref is null or kind <> all(%(enclosed)s))) m"""
    given = {"at": at, "letters": letters, "enclosed": ENCLOSED, "ended": _ENDED}
    return one_as(connection, DueMessages, statement, given)


class BlockedChannel(NamedTuple):
    """The messages of a channel that could have left, and since when the first of them could."""

    channel: str
    number: int
    since: datetime


def blocked(connection: Connection, at: datetime, letters: datetime, lately: datetime) -> list[BlockedChannel]:
    """Return the channels of whose messages some could have left before `lately`, and none has since.

    `letters` is the moment of the day before which no wait counts. One that is tried again waits since its first try,
    and does not count where another was accepted since: it is refused for its own sake.
    """
    statement = f"""
        with waiting as (
          select channel, state, greatest(case state when '{State.RETRY}' then first_tried_at else due_at end,
                                          %(letters)s) as since
          from messages
          where letter_id is null and state in {WAITING} and (due_at <= %(at)s or state = '{State.RETRY}')
            and (contact_ref is null or kind <> all(%(enclosed)s))),
        accepted as (
          select channel, max(sent_at) as last from messages where day >= %(at)s::date - {_ACCEPTED_DAYS}
          group by channel)
        select w.channel, count(*)::int as number, min(w.since) as since
        from waiting w left join accepted a on a.channel = w.channel
        where w.since <= %(lately)s
          and coalesce(a.last <= case w.state when '{State.RETRY}' then w.since else %(lately)s end, true)
        group by w.channel order by w.channel"""
    given = {"at": at, "letters": letters, "lately": lately, "enclosed": ENCLOSED}
    return fetch_as(connection, BlockedChannel, statement, given)


def asks(connection: Connection) -> bool:
    """Return whether a question or an alarm to operations, which a hold lets out, has not left yet."""
    statement = f"select exists (select from messages where key ^@ any(%s) and state not in {ENDED})"
    return bool(scalar(connection, statement, (LET_OUT,)))


def waiting(connection: Connection, as_of: datetime) -> int:
    """Count the messages that are due and not sent yet."""
    statement = f"select count(*) from messages where state in {WAITING} and letter_id is null and due_at <= %s"
    return int(scalar(connection, statement, (as_of,)))

"""Writes that take back what was said in days that had not come, and the corrections to whoever heard it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.days.london import LONDON
from config.message_kinds import STAYING, MessageKind
from config.terms import State
from models.queries.driver import array, execute, fetch_as, keyed_as, scalar, scalars
from models.queries.outbox import outbox
from models.rules.outbox.message_states import DROPPED, LEFT, RECALLABLE, REPEAT

_SAID_THEN = f"""(m.day > %(today)s or (m.sending_at at time zone '{LONDON.key}')::date > %(today)s)
                and m.state <> '{State.VOID}' and m.kind <> all(%(stay)s)"""
_HEARD = " or ".join(f"starts_with(v.reason, '{state}: ')" for state in sorted(LEFT))


class SaidMessage(NamedTuple):
    """A message of a day that had not come, and its state: `unknown` if it may have arrived."""

    id: int
    kind: MessageKind
    contact_ref: str | None
    channel: str
    state: State


class Correction(NamedTuple):
    """What a correction takes back: the messages that its reader was sent on its channel, and their days."""

    messages: int
    first_on: date
    last_on: date


def being_sent(connection: Connection, today: date) -> int:
    """Count the messages of days that had not come which a worker is sending at this moment."""
    statement = f"select count(*) from messages m where m.state = '{State.SENDING}' and {_SAID_THEN}"
    return int(scalar(connection, statement, {"today": today, "stay": STAYING}))


def said(connection: Connection, today: date) -> list[SaidMessage]:
    """Return the messages of days that had not come, locked until commit."""
    statement = f"""
        select m.id, m.kind, m.contact_ref, m.channel,
               case when starts_with(m.reason, %(repeat)s) then '{State.UNKNOWN}' else m.state end as state
        from messages m where {_SAID_THEN} order by m.id for update"""
    return fetch_as(connection, SaidMessage, statement, {"today": today, "stay": STAYING, "repeat": REPEAT})


def void(connection: Connection, said: Sequence[SaidMessage], undoing_id: int, why: str, at: datetime) -> None:
    """Make these messages void, each with the state that it had, and free their keys."""
    for state in sorted({message.state for message in said}):
        ids = [message.id for message in said if message.state is state]
        outbox.settle(connection, ids, State.VOID, reason=f"{state}: {why}", as_of=at)
    ids = [message.id for message in said]
    execute(
        connection,
        "update messages set key = format('void:%%s:%%s', %s::bigint, key) where id = any(%s)",
        (undoing_id, ids),
    )
    execute(
        connection,
        f"""update messages set letter_id = null, state = '{State.QUEUED}', reason = '',
                  sending_at = null, sent_at = null
           where letter_id = any(%(ids)s) and id <> all(%(ids)s) and state not in {DROPPED}""",
        {"ids": ids},
    )


def void_notifications(connection: Connection, said: Sequence[SaidMessage], today: date, why: str) -> int:
    """Make void the notifications after today, and return how many.

    One of an earlier day that went with one of these messages waits for the next letter again.
    """
    gone = execute(
        connection,
        f"""update notifications set state = '{State.VOID}', live = false,
                  reason = case when state = '{State.VOID}' then reason else concat(state, ': ', %(why)s::text) end
           where day > %(today)s""",
        {"today": today, "why": why},
    )
    execute(
        connection,
        f"""update notifications set message_id = null, state = '{State.QUEUED}', reason = ''
           where day <= %s and message_id = any(%s)""",
        (today, [message.id for message in said]),
    )
    return gone


def keep_the_rest_going(connection: Connection, today: date, at: datetime) -> None:
    """Give the messages that stay the present day, and let those that wait leave now; end threads that wait."""
    ids = scalars(
        connection,
        f"select id from messages where kind = 'thread' and day > %s and state in {RECALLABLE}",
        (today,),
    )
    outbox.settle(connection, ids, State.SILENT, reason="its round was undone", as_of=at)
    execute(
        connection,
        f"""update messages set day = least(day, %(today)s), due_at = least(due_at, %(at)s)
           where day > %(today)s and kind = any(%(stay)s) and state <> '{State.VOID}'""",
        {"today": today, "at": at, "stay": STAYING},
    )


def write_again(connection: Connection, undoing_id: int, joined: Sequence[str], today: date, at: datetime) -> None:
    """Queue again what no later round would write: failed reviews, and standings that were never sent.

    `joined` are the reasons of earlier digests that fell silent because a void one took their place.
    """
    execute(
        connection,
        """insert into messages (key, kind, contact_ref, channel, day, about, due_at)
           select substr(key, length(begins) + 1), kind, contact_ref, channel, %(today)s, about, %(at)s
           from messages, format('void:%%s:', %(undoing)s::bigint) begins
           where kind = 'failed_review' and starts_with(key, begins) on conflict (key) do nothing""",
        {"undoing": undoing_id, "today": today, "at": at},
    )
    execute(
        connection,
        f"""insert into messages (key, kind, contact_ref, channel, day, standing, due_at)
           select format('letter:%%s:%%s:%%s', contact_ref, channel, %(today)s::text), 'letter', contact_ref, channel,
                  %(today)s, true, %(at)s
           from messages where kind = 'letter' and standing and state = '{State.SILENT}' and reason = any(%(joined)s)
           group by contact_ref, channel
           on conflict (key) do update set standing = true where messages.state = '{State.QUEUED}'""",
        {"joined": list(joined), "today": today, "at": at},
    )


def correct(connection: Connection, said: Sequence[SaidMessage], undoing_id: int, today: date, at: datetime) -> int:
    """Queue one correction for each person and channel that one of these messages reached; return how many.

    They count towards nobody's messages of the day.
    """
    heard = sorted({
        (message.contact_ref, message.channel)
        for message in said
        if message.contact_ref is not None and message.state in LEFT
    })  # fmt: skip
    statement = """
        insert into messages (key, kind, contact_ref, channel, day, hard, due_at)
        select format('correction:%%s:%%s:%%s', %(undoing)s::bigint, ref, channel), 'correction', ref, channel,
               %(today)s, true, %(at)s
        from unnest(%(refs)s::text[], %(channels)s::text[]) heard(ref, channel)"""
    given = {
        "undoing": undoing_id,
        "today": today,
        "at": at,
        "refs": array(ref for ref, _ in heard),
        "channels": array(channel for _, channel in heard),
    }
    return execute(connection, statement, given)


def corrections(connection: Connection, message_ids: Sequence[int]) -> dict[int, Correction]:
    """Return what each of these corrections takes back, by message."""
    statement = f"""
        select m.id as message_id, count(*) as messages, min(v.day) as first_on, max(v.day) as last_on
        from messages m join messages v on v.contact_ref = m.contact_ref and v.channel = m.channel
         and v.letter_id is null and v.state = '{State.VOID}'
         and starts_with(v.key, format('void:%%s:', split_part(m.key, ':', 2)))
         and ({_HEARD})
        where m.id = any(%s) group by m.id"""
    return dict(keyed_as(connection, "message_id", Correction, statement, (list(message_ids),)))

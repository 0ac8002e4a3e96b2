"""Writes that make each person's letter of the day of what waits, and messages to operations."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection

from config.days.london import LONDON
from config.message_kinds import ENCLOSED
from config.routes import Route
from config.terms import State
from models.queries.driver import Parameters, execute, keyed_as, scalar, scalars
from models.queries.obligations.channels import ROUTES, parameters
from models.queries.obligations.versions import CHAIN
from models.queries.outbox.outbox import SIGN, ClaimedMessage
from models.rules.arithmetic import format_day
from models.rules.outbox.message_states import DROPPED, GIVEN_UP, REPEAT, SAID, WAITING

_OPEN = f"m.kind = 'letter' and m.day = %(day)s and m.state = '{State.QUEUED}'"
_UNENCLOSED = f"""e.kind = any(%(kinds)s) and e.state in {WAITING} and e.letter_id is null
                 and e.contact_ref is not null"""


def joined(day: date) -> str:
    """Return the reason of an earlier digest that fell silent because a day's digest took its place."""
    return f"joined the digest of {format_day(day)}"


def late(connection: Connection, day: date) -> list[int]:
    """Return the digests of earlier days that were never sent and that no worker is sending, locked until commit.

    A digest that may have arrived is left out: it is sent once more, unchanged.
    """
    statement = f"""
        select id from messages
        where kind = 'letter' and state in {WAITING} and letter_id is null and day < %s
          and not starts_with(reason, %s)
        order by id for update skip locked"""
    return scalars(connection, statement, (day, REPEAT))


def empty(connection: Connection, ids: Sequence[int], day: date, due_at: datetime) -> None:
    """Take out of these letters what they hold, to be grouped again; a weekly standing moves to the day's letter."""
    execute(connection, "update messages set letter_id = null where letter_id = any(%s)", (list(ids),))
    execute(
        connection,
        f"""update notifications set message_id = null, state = '{State.QUEUED}', reason = ''
           where message_id = any(%s) and state in {WAITING}""",
        (list(ids),),
    )
    execute(
        connection,
        f"""insert into messages (key, kind, contact_ref, channel, day, standing, due_at)
           select format('letter:%%s:%%s:%%s', contact_ref, channel, %(day)s::text), 'letter', contact_ref, channel,
                  %(day)s, true, %(due)s
           from messages where id = any(%(ids)s) and standing group by contact_ref, channel
           order by contact_ref, channel
           on conflict (key) do update set standing = true where messages.state = '{State.QUEUED}'""",
        {"ids": list(ids), "day": day, "due": due_at},
    )


def letters(
    connection: Connection, day: date, due_at: datetime, *, patient: bool = True, only: Sequence[int] | None = None
) -> int:
    """Put what waits into each person's letter of the day, unless one has left; return how many notifications joined.

    A `patient` letter is not begun for news of what was resolved alone. The letters are locked: one that a delivery has
    claimed is composed already, and would lose what joins it. `only` names the notifications to put into letters, where
    it is not all that waits.
    """
    unsaid = f"n.message_id is null and n.state = '{State.QUEUED}'"
    waiting = f"{unsaid} and (%(only)s::bigint[] is null or n.id = any(%(only)s))"
    told = {
        "day": day, "due": due_at, "only": list(only) if only is not None else None, "patient": patient,
        "kinds": ENCLOSED,
    }  # fmt: skip
    execute(
        connection,
        f"""insert into messages (key, kind, contact_ref, channel, day, due_at)
           select format('letter:%%s:%%s:%%s', coalesce(contact_ref, 'operations'), channel, %(day)s::text), 'letter',
                  contact_ref, channel, %(day)s, %(due)s
           from (select contact_ref, channel from notifications n
                 where {waiting} and (n.happening <> 'resolved' or not %(patient)s)
                 union select contact_ref, channel from messages e where {_UNENCLOSED} and %(only)s::bigint[] is null) w
           where not exists (
               select from messages s
               where s.contact_ref = w.contact_ref and s.channel = w.channel and s.kind = 'letter'
                 and s.state <> '{State.SHOWN}' and s.state <> '{State.VOID}'
                 and s.sending_at >= %(day)s::timestamp at time zone '{LONDON.key}')
           order by w.contact_ref, w.channel
           on conflict (key) do nothing""",
        told,
    )
    execute(connection, f"select m.id from messages m where {_OPEN} for update", told)
    if only is None:
        _joined(
            connection,
            f"""update messages e set letter_id = m.id from messages m
                where {_OPEN} and m.contact_ref = e.contact_ref and m.channel = e.channel and {_UNENCLOSED}""",
            told,
        )
    return _joined(
        connection,
        f"""update notifications n set message_id = m.id from messages m
            where {_OPEN} and coalesce(n.contact_ref, '') = coalesce(m.contact_ref, '') and n.channel = m.channel
              and {waiting}""",
        told,
    )


def enclosed(connection: Connection, letter_ids: Sequence[int]) -> list[tuple[int, ClaimedMessage]]:
    """Return the messages that travel in these letters, each with the letter's id, in the order of their making."""
    statement = f"""
        select m.letter_id, m.id, m.key, m.kind, m.contact_ref, m.channel, m.day, m.standing, m.hard, m.text,
               m.attempts, m.reason, m.body, {SIGN} as sign
        from messages m where m.letter_id = any(%s) and m.state not in {DROPPED} order by m.id"""
    return keyed_as(connection, "letter_id", ClaimedMessage, statement, (list(letter_ids),))


def _joined(connection: Connection, statement: str, parameters: Parameters) -> int:
    """Join many rows that were written a moment ago: without statistics, the planner would compare each with each."""
    execute(connection, "set local enable_nestloop = off")
    touched = execute(connection, statement, parameters)
    execute(connection, "set local enable_nestloop to default")
    return touched


def standings(
    connection: Connection, day: date, due_at: datetime, routes: Sequence[Route], acting: Sequence[str] = ()
) -> int:
    """Write the weekly standing for active SPOCs and leads, and for people who were notified of what is still overdue.

    `acting` are the deputies of absent SPOCs and leads. A person whose digest of that day was only shown, for lack of a
    mail server, gets another message. Each person gets it by every route that reaches them. Return how many messages
    were written.
    """
    statement = f"""
        insert into messages (key, kind, contact_ref, channel, day, standing, due_at)
        select format('letter:%%s:%%s:%%s', c.contact_ref, route.channel, %(day)s::text) || case when shown.id > 0
               then ':mailed' else '' end, 'letter', c.contact_ref, route.channel, %(day)s, true, %(due)s
        from contacts c
        join {ROUTES} on route.everyone or to_jsonb(c) ->> route.address is not null
        left join messages shown
          on shown.key = format('letter:%%s:%%s:%%s', c.contact_ref, route.channel, %(day)s::text)
             and shown.state = '{State.SHOWN}'
        where (c.withdrawn_on is null or c.withdrawn_on > %(day)s)
          and coalesce(c.active_from <= %(day)s, true) and coalesce(c.active_to >= %(day)s, true)
          and (c.roles && array['spoc', 'lead'] or c.contact_ref = any(%(acting)s) or c.contact_ref in (
               select n.contact_ref from notifications n join obligations told on told.id = n.obligation_id
               join live_obligations o on coalesce(o.case_id, 0) = coalesce(told.case_id, 0) and o.rule = told.rule
                and o.subject = told.subject and told.version between o.chain_from and o.version
               where o.due_on < %(day)s and o.last_step > 0 and n.live
                 and n.happening <> 'resolved' and n.state in {SAID}))
        order by c.contact_ref, route.channel
        on conflict (key) do update set standing = true where messages.state = '{State.QUEUED}'"""
    return execute(connection, statement, {"day": day, "due": due_at, "acting": list(acting), **parameters(routes)})


def repeat_hard_clocks(connection: Connection, day: date) -> int:
    """Notify people again of each live hard clock's present step that was only shown until now, and so reached nobody.

    This includes steps that were taken in a version that this one carries on from, and people to whom the obligation
    was handed over. Return how many notifications were written.
    """
    statement = f"""
        insert into notifications (obligation_id, happening, step, step_name, occasion, day, duty, manner,
                                    addressee, contact_ref, channel, note)
        select distinct on (o.id, n.contact_ref, n.channel) o.id, 'step', n.step, n.step_name, 'first mailed', %s,
               n.duty, n.manner, n.addressee, n.contact_ref, n.channel, n.note
        from live_obligations o
        cross join {CHAIN}
        join notifications n on n.obligation_id = v.id and n.step = o.last_step
        where o.hard and n.happening <> 'resolved' and n.state = '{State.SHOWN}'
        order by o.id, n.contact_ref, n.channel, n.id desc on conflict do nothing"""
    return execute(connection, statement, (day,))


def operations(
    connection: Connection, key: str, day: date, words: str, due_at: datetime, routes: Sequence[Route]
) -> int:
    """Queue a message to operations, once per key and route. Return how many were new."""
    statement = f"""
        insert into messages (key, kind, contact_ref, channel, day, text, due_at)
        select %(key)s || case when route.everyone then '' else ':' || route.channel end, 'operations', null,
               route.channel, %(day)s, %(words)s, %(due)s
        from {ROUTES} on conflict (key) do nothing"""
    return execute(connection, statement, {"key": key, "day": day, "words": words, "due": due_at, **parameters(routes)})


def copy_to_operations(connection: Connection, main: str, channel: str, since: date) -> int:
    """Copy the messages to operations on the main channel to another channel, and return how many were copied.

    The message that this other channel is down is left out, since it is of no use there.
    """
    statement = f"""
        insert into messages (key, kind, contact_ref, channel, day, text, due_at)
        select key || ':' || %(channel)s, kind, null, %(channel)s, day, text, due_at from messages
        where kind = 'operations' and channel = %(main)s and day >= %(since)s and state <> '{State.VOID}'
          and not starts_with(key, 'paused:' || %(channel)s)
        on conflict (key) do nothing"""
    return execute(connection, statement, {"main": main, "channel": channel, "since": since})


def any_shown(connection: Connection) -> bool:
    """Return whether any message went to the Maildir instead of to a person."""
    return bool(scalar(connection, f"select exists (select from messages where state = '{State.SHOWN}')"))


def first_standings(
    connection: Connection,
    day: date,
    due_at: datetime,
    routes: Sequence[Route],
    force_code: str,
    cps_areas: Sequence[str],
    since: date,
) -> int:
    """Write a standing for the leads of a force and its CPS Areas who were sent none since a day; how many it is.

    Each lead gets it by every route that reaches them.
    """
    statement = f"""
        insert into messages (key, kind, contact_ref, channel, day, standing, due_at)
        select format('letter:%%s:%%s:%%s', c.contact_ref, route.channel, %(day)s::text), 'letter', c.contact_ref,
               route.channel, %(day)s, true, %(due)s
        from contacts c join {ROUTES} on route.everyone or to_jsonb(c) ->> route.address is not null
        where (c.withdrawn_on is null or c.withdrawn_on > %(day)s) and 'lead' = any(c.roles)
          and coalesce(c.active_from <= %(day)s, true) and coalesce(c.active_to >= %(day)s, true)
          and (%(force)s = any(c.force_codes) or c.cps_areas && %(areas)s)
          and not exists (select from messages m
                          where m.contact_ref = c.contact_ref and m.channel = route.channel and m.standing
                            and m.day between %(since)s and %(day)s and m.state not in {GIVEN_UP})
        order by c.contact_ref, route.channel
        on conflict (key) do update set standing = true where messages.state = '{State.QUEUED}'"""
    given = {
        "day": day, "due": due_at, "force": force_code, "areas": list(cps_areas), "since": since,
        **parameters(routes),
    }  # fmt: skip
    return execute(connection, statement, given)

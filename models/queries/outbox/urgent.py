"""The write that makes urgent mails of at-once notifications for which there is no letter: one for each person."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection

from config.terms import State
from models.queries.driver import execute
from models.rules.catalogue.contents import CONFIRMED

# One of these a person and grouping: the first of a day, the second, and so on, also in a book that was restored.
_KEY = """format('at_once:%%s:%%s:%%s:%%s', coalesce(c.contact_ref, 'operations'), c.channel, %(day)s::text,
                 coalesce(max(w.number), 0) + 1)"""


def at_once(
    connection: Connection,
    day: date,
    most: int,
    now: datetime,
    from_eight: datetime,
    next_working: date,
    *,
    only: Sequence[int] | None = None,
) -> int:
    """Give each person the at-once notifications that wait as one mail, at most `most` a day, hard clocks first.

    Neither these nor danger, which comes next, are held over; the rest waits for the next letter. Return how many
    notifications have a mail. One with a hard clock that ends before the next working day is due at any hour, every
    other one from `from_eight`. Notifications of an earlier day that were never grouped are made up for. `only` names
    the notifications to group, where it is not all.
    """
    statement = f"""
        with unsaid as (
          select n.id, n.contact_ref, n.channel, o.hard, o.hard and o.due_on < %(next)s as presses,
                 o.hard or o.rule in {CONFIRMED} as whole,
                 row_number() over (partition by n.contact_ref, n.channel
                                    order by o.hard desc, o.rule in {CONFIRMED} desc, o.due_on, o.escalate_on,
                                             n.id) as place
          from notifications n join obligations o on o.id = n.obligation_id
          where n.message_id is null and n.state = '{State.QUEUED}' and n.manner = 'at_once'
            and n.happening <> 'resolved' and n.day <= %(day)s
            and (%(only)s::bigint[] is null or n.id = any(%(only)s))),
        said as (
          select m.contact_ref, m.channel, count(*) as number
          from messages m join notifications n on n.message_id = m.id
          where m.kind = 'at_once' and m.day = %(day)s and m.state <> '{State.VOID}' group by 1, 2),
        chosen as (
          select u.* from unsaid u
          left join said on said.contact_ref is not distinct from u.contact_ref and said.channel = u.channel
          where u.whole or u.place + coalesce(said.number, 0) <= %(most)s),
        written as (
          select contact_ref, channel, count(*) as number from messages
          where kind = 'at_once' and day = %(day)s and state <> '{State.VOID}' group by 1, 2),
        named as (
          select c.contact_ref, c.channel, {_KEY} as key, bool_or(c.hard) as hard, bool_or(c.presses) as presses,
                 array_agg(c.id) as ids
          from chosen c
          left join written w on w.contact_ref is not distinct from c.contact_ref and w.channel = c.channel
          group by 1, 2),
        made as (
          insert into messages (key, kind, contact_ref, channel, day, hard, due_at)
          select key, 'at_once', contact_ref, channel, %(day)s, hard,
                 case when presses then %(now)s else greatest(%(now)s, %(eight)s) end
          from named on conflict (key) do nothing returning id, key)
        update notifications n set message_id = made.id
        from made join named using (key)
        where n.id = any(named.ids) and n.message_id is null"""
    given = {
        "day": day,
        "most": most,
        "now": now,
        "eight": from_eight,
        "next": next_working,
        "only": list(only) if only is not None else None,
    }
    return execute(connection, statement, given)

"""Threads in the Slack channels of forces and Areas: one for each case escalated there, a post for each step."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.terms import State
from models.queries.driver import execute, fetch
from models.queries.obligations.obligation_views import FROM, OBLIGATION, NotificationView, told_of

_OVER_DAYS = 30  # after which the thread of a finalised case is history
_LATE_DAYS = 3  # a day whose grouping did not come about is made up for; what is older is history
# How a thread's case stands, in a word that changes when anything does that the thread shows; and each fortnight while
# something is owed, since a button is good for four weeks. The fortnights of different cases begin on different days.
_STANDS = """
    select md5(c.restricted || coalesce((select s.ref || s.starts_at from convenings v
               join sittings s on s.id = v.sitting_id where v.case_id = t.case_id and v.ended_on is null), '')
               || string_agg(concat_ws(':', o.id, o.last_step, o.due_on, o.due_on < %(today)s,
               o.escalate_on <= %(today)s, o.ended_on, o.end_reason, p.until_on, p."end",
               case when o.ended_on is null then (%(today)s::date - date '2000-01-03' + o.case_id) / 14 end),
               ',' order by o.id, p.id)) as now
    from obligations o join cases c on c.id = o.case_id
    left join promises p on p.obligation_id = o.id
    where o.case_id = t.case_id group by c.restricted"""


class PostPlace(NamedTuple):
    """Where a post belongs: a thread's parent, or a step in one that is there already."""

    place: str
    parent: str | None = None  # the parent's remote_ref
    parent_state: State | None = None  # None: it is the parent itself
    told: NotificationView | None = None  # what a step says


class StaleParent(NamedTuple):
    """A parent that no longer shows how its case stands."""

    message_id: int
    key: str
    place: str
    remote_ref: str
    now: str


def begin(connection: Connection, places: Sequence[str], day: date, due_at: datetime) -> int:
    """Write a thread for each case escalated to someone of these places, and a post for each step; how many posts.

    A thread that fell silent, because all had ended or was restricted before it was begun, is begun anew by what is
    escalated later. What ended is said where a thread was begun. Restricted cases have none.
    """
    values = {"places": list(places), "day": day, "due": due_at, "since": _LATE_DAYS}
    execute(
        connection,
        f"""{_SAID}, wanted as (
              select distinct s.case_id, s.place, format('thread:%%s:%%s', s.case_id, s.place) || coalesce((
                         select ':' || count(*) from threads t join messages m on m.id = t.message_id
                         where t.case_id = s.case_id and t.place = s.place and m.state = 'silent'
                         having count(*) > 0), '') as key
              from said s where s.happening <> 'resolved' and s.live),
            made as (
              insert into messages (key, kind, channel, day, due_at)
              select key, 'thread', 'slack', %(day)s, %(due)s from wanted
              on conflict (key) do nothing returning id, key)
            insert into threads (message_id, case_id, place)
            select made.id, wanted.case_id, wanted.place from made join wanted on wanted.key = made.key""",
        values,
    )
    return execute(
        connection,
        f"""{_SAID}, wanted as (
              select t.message_id as thread_id, s.notification_id,
                     format('post:%%s:%%s:%%s:%%s', t.message_id, s.obligation_id, s.step, s.occasion) as key
              from said s join threads t on t.case_id = s.case_id and t.place = s.place
              join messages m on m.id = t.message_id and m.state <> 'silent'),
            made as (
              insert into messages (key, kind, channel, day, due_at)
              select key, 'post', 'slack', %(day)s, %(due)s from wanted
              order by notification_id on conflict (key) do nothing returning id, key)
            insert into thread_posts (message_id, thread_id, notification_id)
            select made.id, wanted.thread_id, wanted.notification_id from made join wanted on wanted.key = made.key""",
        values,
    )


_SAID = """with said as (
      select min(n.id) as notification_id, n.obligation_id, n.step, n.occasion, n.happening, o.case_id, p.place,
             bool_or(o.ended_on is null) as live
      from notifications n
      join obligations o on o.id = n.obligation_id
      join cases c on c.id = o.case_id and not c.restricted
      join contacts who on who.contact_ref = n.contact_ref
      join unnest(%(places)s::text[]) p(place)
        on p.place = case who.agency when 'police' then c.force_code else c.cps_area end
      where n.duty = 'escalate' and n.happening in ('step', 'lapsed', 'resolved')
        and not starts_with(n.occasion, 'instead of ')
        and n.day between %(day)s::date - %(since)s and %(day)s::date
      group by n.obligation_id, n.step, n.occasion, n.happening, o.case_id, p.place)"""


def places(connection: Connection, message_ids: Sequence[int]) -> dict[int, PostPlace]:
    """Where these posts belong, and what those in a thread say, as the world now is."""
    found = {
        row[0]: PostPlace(row[1])
        for row in fetch(
            connection, "select message_id, place from threads where message_id = any(%s)", (list(message_ids),)
        )
    }
    for message_id, place, parent, state, *told in fetch(
        connection,
        f"""select r.message_id, t.place, m.remote_ref, m.state,
                   r.message_id, n.id, n.happening, n.step, n.addressee, n.note, n.day, n.day, false, {OBLIGATION}
            from thread_posts r join threads t on t.message_id = r.thread_id join messages m on m.id = r.thread_id
            join notifications n on n.id = r.notification_id join obligations o on o.id = n.obligation_id {FROM}
            where r.message_id = any(%s)""",
        (list(message_ids),),
    ):
        found[message_id] = PostPlace(place, parent, State(state), told_of(told))
    return found


def stands(connection: Connection, thread_ids: Sequence[int], today: date) -> Mapping[int, list[NotificationView]]:
    """What each thread is about, as it now stands: what was escalated in it, by its latest version that goes on."""
    found: dict[int, list[NotificationView]] = {}
    for row in fetch(
        connection,
        f"""select distinct on (t.message_id, o.rule, o.subject) t.message_id, 0,
                   case when o.ended_on is null then 'step' else 'resolved' end, o.last_step, 'spoc', '',
                   %(today)s::date, %(today)s::date, false, {OBLIGATION}
            from threads t join obligations o on o.case_id = t.case_id {FROM}
            where t.message_id = any(%(ids)s) and exists (
                select from thread_posts r join notifications n on n.id = r.notification_id
                join obligations v on v.id = n.obligation_id
                where r.thread_id = t.message_id and v.rule = o.rule and v.subject = o.subject
                  and v.version between o.chain_from and o.version)
            order by t.message_id, o.rule, o.subject, o.version desc""",
        {"ids": list(thread_ids), "today": today},
    ):
        found.setdefault(row[0], []).append(told_of(row))
    return found


def stale(connection: Connection, today: date) -> list[StaleParent]:
    """The parents that no longer show how their case stands. Those of cases finalised long ago are not looked at.

    Those finalised administratively are, while they owe something or did lately. What may be shown no more comes first,
    and the rest in no order: what Slack refuses each time keeps nothing waiting.
    """
    rows = fetch(
        connection,
        f"""select t.message_id, m.key, t.place, m.remote_ref, s.now
            from threads t join messages m on m.id = t.message_id and m.state = 'sent'
            join cases k on k.id = t.case_id
            cross join lateral ({_STANDS}) s
            where s.now <> t.shown and (
                k.restricted or coalesce(k.finalised_on >= %(today)s - %(over)s, true)
                or k.finalised_reason = 'administrative' and exists (
                    select from obligations o
                    where o.case_id = k.id and coalesce(o.ended_on >= %(today)s - %(over)s, true)))
            order by k.restricted desc, random()""",
        {"today": today, "over": _OVER_DAYS},
    )
    return [StaleParent(*row) for row in rows]


def showing(connection: Connection, thread_ids: Sequence[int], today: date) -> None:
    """Keep that these threads show, or are about to show, how their cases now stand."""
    execute(
        connection,
        f"update threads t set shown = (select s.now from ({_STANDS}) s) where t.message_id = any(%(ids)s)",
        {"ids": list(thread_ids), "today": today},
    )


def shown(connection: Connection, message_id: int, now: str) -> None:
    """Keep what a parent was changed to show."""
    execute(connection, "update threads set shown = %s where message_id = %s", (now, message_id))

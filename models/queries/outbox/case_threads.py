"""Reads and writes of threads in the channels that forces and Areas share: one for each case, a post for each step."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.routes import Channel
from config.terms import State
from models.queries.driver import execute, fetch_as, keyed_as, mapping
from models.queries.obligations.obligation_views import FROM, OBLIGATION, NotificationView, fetch_notifications

_OVER_DAYS = 30  # after which the thread of a finalised case is history
_LATE_DAYS = 3  # a missed day's grouping is made up for; anything older is history
# A digest of the state of a thread's case: it changes when anything changes that the thread shows, and each fortnight
# while something is owed, since a button is good for four weeks. Different cases' fortnights begin on different days.
_STANDS = """
    select md5((select c.kept_apart from disclosed c where c.id = t.case_id)
               || coalesce((select s.ref || s.starts_at from convenings v join sittings s on s.id = v.sitting_id
                            where v.case_id = t.case_id and v.ended_on is null), '')
               || string_agg(concat_ws(':', o.id, o.last_step, o.due_on, o.due_on < %(today)s,
               o.escalate_on <= %(today)s, o.ended_on, o.end_reason, p.until_on, p."end",
               case when o.ended_on is null then (%(today)s::date - date '2000-01-03' + o.case_id) / 14 end),
               ',' order by o.id, p.id)) as now
    from obligations o left join promises p on p.obligation_id = o.id
    where o.case_id = t.case_id and o.end_reason is distinct from 'void'"""


class PostPlace(NamedTuple):
    """Where a post belongs: it is a thread's parent, or a step in a thread that is there already."""

    place: str
    parent: str | None = None  # the parent's remote_ref
    parent_state: State | None = None  # None: it is the parent itself
    parent_day: date | None = None  # on which the parent was written
    told: NotificationView | None = None  # the notification of a step


class _Step(NamedTuple):
    place: str
    parent: str | None
    parent_state: State
    parent_day: date


class StaleParent(NamedTuple):
    """A parent that no longer shows the state of its case."""

    message_id: int
    key: str
    place: str
    remote_ref: str
    now: str


def begin(connection: Connection, channel: str, places: Sequence[str], day: date, due_at: datetime) -> int:
    """Write a thread for each case escalated to someone of these places and a post for each step; return the posts.

    A thread that fell silent, because everything ended or was restricted before it began, begins again with the next
    escalation. The end of an obligation is posted where a thread was begun. Restricted cases have no thread, and
    neither have cases from which anybody is barred.
    """
    values = {"channel": channel, "places": list(places), "day": day, "due": due_at, "since": _LATE_DAYS}
    values["begins"] = "thread" if channel == Channel.SLACK else f"thread:{channel}"  # keys of Slack's are older
    execute(
        connection,
        f"""{_SAID}, wanted as (
              select distinct s.case_id, s.place, format('%%s:%%s:%%s', %(begins)s::text, s.case_id, s.place)
                         || coalesce((
                         select ':' || count(*) from threads t join messages m on m.id = t.message_id
                         where t.case_id = s.case_id and t.place = s.place and m.state = '{State.SILENT}'
                           and m.channel = %(channel)s
                         having count(*) > 0), '') as key
              from said s where s.happening <> 'resolved' and s.live),
            made as (
              insert into messages (key, kind, channel, day, due_at)
              select key, 'thread', %(channel)s, %(day)s, %(due)s from wanted
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
              join messages m on m.id = t.message_id and m.state <> '{State.SILENT}' and m.channel = %(channel)s),
            made as (
              insert into messages (key, kind, channel, day, due_at)
              select key, 'post', %(channel)s, %(day)s, %(due)s from wanted
              order by notification_id on conflict (key) do nothing returning id, key)
            insert into thread_posts (message_id, thread_id, notification_id)
            select made.id, wanted.thread_id, wanted.notification_id from made join wanted on wanted.key = made.key""",
        values,
    )


_SAID = f"""with said as (
      select min(n.id) as notification_id, n.obligation_id, n.step, n.occasion, n.happening, o.case_id, p.place,
             bool_or(o.ended_on is null) as live
      from notifications n
      join obligations o on o.id = n.obligation_id
      join cases c on c.id = o.case_id and not exists (select from cases_apart hidden where hidden.case_id = c.id)
      join contacts who on who.contact_ref = n.contact_ref
      join unnest(%(places)s::text[]) p(place)
        on p.place = case who.agency when 'police' then c.force_code else c.cps_area end
      where n.duty = 'escalate' and n.happening in ('step', 'lapsed', 'resolved') and n.state <> '{State.VOID}'
        and not starts_with(n.occasion, 'instead of ')
        and n.day between %(day)s::date - %(since)s and %(day)s::date
      group by n.obligation_id, n.step, n.occasion, n.happening, o.case_id, p.place)"""


def places(connection: Connection, message_ids: Sequence[int]) -> dict[int, PostPlace]:
    """Return where these posts belong, and the present notifications of those in a thread."""
    asked = (list(message_ids),)
    parents = mapping(
        connection, "message_id", "place", "select message_id, place from threads where message_id = any(%s)", asked
    )
    steps = keyed_as(
        connection,
        "message_id",
        _Step,
        """select r.message_id, t.place, m.remote_ref as parent, m.state as parent_state,
                  m.day as parent_day
           from thread_posts r join threads t on t.message_id = r.thread_id join messages m on m.id = r.thread_id
           where r.message_id = any(%s)""",
        asked,
    )
    told = {notification.message_id: notification for notification in _told(connection, message_ids)}
    return {message_id: PostPlace(place) for message_id, place in parents.items()} | {
        message_id: PostPlace(**step._asdict(), told=told[message_id]) for message_id, step in steps
    }


def _told(connection: Connection, message_ids: Sequence[int]) -> list[NotificationView]:
    statement = f"""
        select r.message_id, n.id as notification_id, n.happening, n.step, n.addressee, n.note, n.day,
               n.day as first_told_on, false as owed_again, false as reopened, {OBLIGATION}
        from thread_posts r join notifications n on n.id = r.notification_id
        join obligations o on o.id = n.obligation_id {FROM}
        where r.message_id = any(%s)"""
    return fetch_notifications(connection, statement, (list(message_ids),))


def present_state(
    connection: Connection, thread_ids: Sequence[int], today: date
) -> Mapping[int, list[NotificationView]]:
    """Return the present state of what was escalated in each thread, by the latest version that carries on."""
    found: dict[int, list[NotificationView]] = {}
    for fetch in fetch_notifications(
        connection,
        f"""select distinct on (t.message_id, o.rule, o.subject) t.message_id, 0 as notification_id,
                   case when o.ended_on is null then 'step' else 'resolved' end as happening, o.last_step as step,
                   'spoc' as addressee, '' as note, %(today)s::date as day, %(today)s::date as first_told_on,
                   false as owed_again, false as reopened, {OBLIGATION}
            from threads t join obligations o on o.case_id = t.case_id and o.end_reason is distinct from 'void' {FROM}
            where t.message_id = any(%(ids)s) and exists (
                select from thread_posts r
                join notifications n on n.id = r.notification_id and n.state <> '{State.VOID}'
                join obligations v on v.id = n.obligation_id
                where r.thread_id = t.message_id and v.rule = o.rule and v.subject = o.subject
                  and v.version between o.chain_from and o.version)
            order by t.message_id, o.rule, o.subject, o.version desc""",
        {"ids": list(thread_ids), "today": today},
    ):
        found.setdefault(fetch.message_id, []).append(fetch)
    return found


def stale(connection: Connection, today: date) -> list[StaleParent]:
    """Return Slack's parents that no longer show the state of their case, without those of cases finalised long ago.

    A finalised case counts while it owes something, or lately did: its orders are watched on. Cases that may have no
    thread any more come first and the rest in random order, so that a parent that Slack always refuses delays no other.
    """
    statement = f"""
        select t.message_id, m.key, t.place, m.remote_ref, s.now
        from threads t join messages m on m.id = t.message_id and m.state = '{State.SENT}' and m.channel = 'slack'
        join disclosed c on c.id = t.case_id
        cross join lateral ({_STANDS}) s
        where s.now <> t.shown and (
            c.kept_apart or coalesce(c.finalised_on >= %(today)s - %(over)s, true)
            or exists (
                select from obligations o
                where o.case_id = c.id and coalesce(o.ended_on >= %(today)s - %(over)s, true)))
        order by c.kept_apart desc, random()"""
    return fetch_as(connection, StaleParent, statement, {"today": today, "over": _OVER_DAYS})


def mark_shown(connection: Connection, thread_ids: Sequence[int], today: date) -> None:
    """Record that these threads show, or are about to show, the present state of their cases."""
    statement = f"update threads t set shown = (select s.now from ({_STANDS}) s) where t.message_id = any(%(ids)s)"
    execute(connection, statement, {"ids": list(thread_ids), "today": today})


def record_shown(connection: Connection, message_id: int, now: str) -> None:
    """Record the state that a parent was changed to show."""
    execute(connection, "update threads set shown = %s where message_id = %s", (now, message_id))

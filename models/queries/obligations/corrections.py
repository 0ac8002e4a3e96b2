"""Corrections: what people read of an obligation, and what its end has proved it to be."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import execute, fetch_as
from models.queries.kept_plans import Kept
from models.queries.obligations.reopened import REOPENED
from models.queries.obligations.versions import CHAIN, versions
from models.rules.obligations.lifecycle import End
from models.rules.outbox.message_states import SAID

CORRECTED = "corrected"  # the occasion of a notification that corrects an earlier one
# For each person and channel, the latest notification `t` of the version `o` or one that it carries on from, and the
# due day that it gave, where no correction of it has been written before the notification `{before}`.
_TOLD = f"""(
    select distinct on (n.contact_ref, n.channel) n.id, n.contact_ref, n.channel, n.step, n.step_name, n.day,
           n.addressee, n.occasion, w.due_on
    from {CHAIN} join obligations w on w.id = v.id
    join notifications n on n.obligation_id = v.id and n.state in {SAID}
                         and (n.happening <> 'resolved' or n.occasion = '{CORRECTED}')
                         and ({{before}})
    where n.contact_ref is not null
    order by n.contact_ref, n.channel, n.id desc)"""
_NEXT = versions("v.version = o.version + 1")
_CARRIES_ON = versions("v.version > o.version and v.chain_from <= o.version", "live_obligations")


class CorrectedStep(NamedTuple):
    """What was wrong: the step, its day and the due day that it gave; and the due day that is right.

    `due_on` is None unless the day had moved. Where `reopened`, the news of an end was wrong, and it is owed again by
    `due_on`.
    """

    notification_id: int
    step: str
    said_on: date
    said_due_on: date
    due_on: date | None
    reopened: bool = False


def correct(connection: Connection, ended: Sequence[End], today: date) -> int:
    """Notify everyone who read of an obligation what was wrong on the day of the message.

    It had ended by a fact of an earlier day, its source has withdrawn it altogether, or it was called overdue and its
    due day, as it is now, had not passed. Nobody hears of one mistake twice, or if they have left. Return how many
    notifications were written.
    """
    ids = [ending.stored.id for ending in ended if ending.stored.last_step]
    if not ids:
        return 0
    statement = f"""
        insert into notifications (obligation_id, happening, step, step_name, occasion, day, duty, manner,
                                    addressee, contact_ref, channel, state, reason, live)
        select o.id, 'resolved', t.step, '{CORRECTED}', '{CORRECTED}', %(today)s::date, 'chase', 'digest',
               t.addressee, t.contact_ref, t.channel, 'queued', o.end_reason, false
        from obligations o
        cross join lateral {_TOLD.format(before="true")} t
        join contacts c on c.contact_ref = t.contact_ref and coalesce(c.withdrawn_on > %(today)s, true)
                        and coalesce(c.active_to >= %(today)s, true)
        where o.id = any(%(ids)s) and t.occasion <> '{CORRECTED}' and case o.end_reason
            when 'moved' then t.day > t.due_on and exists (
                select from {_NEXT} join obligations later on later.id = v.id where later.due_on >= t.day)
            when 'withdrawn' then coalesce(o.fact_on < t.day, true)
            when 'met' then o.fact_on < t.day
            when 'finalised' then o.fact_on < t.day
            else false end
        on conflict do nothing"""
    return execute(connection, Kept(statement), {"ids": ids, "today": today})


def corrected(connection: Connection, notification_ids: Sequence[int]) -> dict[int, CorrectedStep]:
    """Return what those of these notifications correct that take something back."""
    statement = f"""
        select k.id as notification_id, t.step_name as step, t.day as said_on, t.due_on as said_due_on,
               later.due_on, false as reopened
        from notifications k join obligations o on o.id = k.obligation_id
        cross join lateral {_TOLD.format(before="n.id < k.id and n.occasion <> 'corrected'")} t
        left join lateral (select l.due_on from {_NEXT} join obligations l on l.id = v.id
                           where o.end_reason = 'moved') later on true
        where k.id = any(%s) and k.occasion = '{CORRECTED}'
          and t.contact_ref = k.contact_ref and t.channel = k.channel"""
    found = fetch_as(connection, CorrectedStep, statement, (list(notification_ids),))
    return {step.notification_id: step for step in [*found, *_reopened(connection, notification_ids)]}


def _reopened(connection: Connection, notification_ids: Sequence[int]) -> list[CorrectedStep]:
    statement = f"""
        select distinct on (k.id) k.id as notification_id, t.step_name as step, coalesce(m.day, t.day) as said_on,
               o.due_on as said_due_on, v.due_on, true as reopened
        from notifications k join obligations o on o.id = k.obligation_id
        join notifications t on t.obligation_id = o.id and t.happening = 'resolved' and t.id < k.id
                            and t.contact_ref = k.contact_ref and t.channel = k.channel
                            and t.state in {SAID}
        left join messages m on m.id = t.message_id
        join lateral (select l.due_on from {_CARRIES_ON} join obligations l on l.id = v.id) v on true
        where k.id = any(%s) and k.occasion = '{REOPENED}'
        order by k.id, t.id desc"""
    return fetch_as(connection, CorrectedStep, statement, (list(notification_ids),))

"""Writes that let obligations be owed again whose fact a person has taken back, and correct what was read of them."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import execute
from models.rules.outbox.message_states import SAID

REOPENED = "reopened"  # the occasion of a notification that takes the news of an end back
# The versions `o` of a case, or of a case of its URN, that ended by a fact since the day on which it was reported.
_MET = """o.end_reason = 'met' and o.fact_on = %(fact_on)s and o.ended_on >= %(since)s
          and o.case_id in (select id from cases where id = %(case_id)s
                            or urn_key_id = (select urn_key_id from cases where id = %(case_id)s))"""
# Each with the live version that began because of that fact.
_BEGUN = f"""select o.id, o.case_id, o.rule, o.subject, live.id as live_id, live.chain_from, live.version
             from obligations o join live_obligations live on live.case_id = o.case_id and live.rule = o.rule
                 and live.subject = o.subject and live.chain_from = o.version + 1 and live.done_on = o.fact_on
             where {_MET}"""


class GoneFact(NamedTuple):
    """A fact that is taken back: the case that owes, the fact's day, and the day on which it was reported."""

    case_id: int
    fact_on: date
    since: date


def reopen(connection: Connection, gone: GoneFact, today: date) -> None:
    """Make void what began because of a fact that is taken back, so that what it had ended can carry on.

    Call it before the case is projected: the projection decides what is owed. Whoever read that something had ended by
    the fact gets a correction, which falls silent where it is not owed again.
    """
    given = {**gone._asdict(), "today": today}
    execute(
        connection,
        f"""update promises p set obligation_id = begun.id from ({_BEGUN}) begun
            where p.obligation_id = begun.live_id and p.ended_on is null and not exists (
                select from promises q where q.obligation_id = begun.id and q.ended_on is null)""",
        given,
    )
    execute(
        connection,
        f"""with gone as (
              update obligations v set ended_on = coalesce(v.ended_on, %(today)s), end_reason = 'void',
                     next_step_on = null
              from ({_BEGUN}) begun
              where v.case_id = begun.case_id and v.rule = begun.rule and v.subject = begun.subject
                and v.version between begun.chain_from and begun.version and v.end_reason is distinct from 'void'
              returning v.id)
            update notifications n set live = false from gone where n.obligation_id = gone.id and n.live""",
        given,
    )
    _correct(connection, given)


def _correct(connection: Connection, given: dict[str, object]) -> None:
    """Notify everyone who read of an end by the fact."""
    statement = f"""
        insert into notifications (obligation_id, happening, step, step_name, occasion, day, duty, manner,
                                   addressee, contact_ref, channel, state, reason, live)
        select distinct on (o.id, n.contact_ref, n.channel) o.id, 'resolved', n.step, 'corrected', '{REOPENED}',
               %(today)s::date, 'chase', 'digest', n.addressee, n.contact_ref, n.channel, 'queued', o.end_reason,
               false
        from obligations o
        join notifications n on n.obligation_id = o.id and n.happening = 'resolved' and n.occasion <> '{REOPENED}'
                            and n.state in {SAID}
        join contacts c on c.contact_ref = n.contact_ref and coalesce(c.withdrawn_on > %(today)s, true)
                       and coalesce(c.active_to >= %(today)s, true)
        where {_MET}
        order by o.id, n.contact_ref, n.channel, n.id desc
        on conflict do nothing"""
    execute(connection, statement, given)

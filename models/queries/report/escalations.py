"""Reads of a month's escalations: whether people answered, and whether these came in time to matter."""

from datetime import date

from sqlalchemy import Connection

from config.terms import State
from models.queries.obligations.versions import MET_ON
from models.queries.report.places import EVERY_PLACE, PLACE, SENT, Counts, Period, counted, counted_by

ANSWER_DAYS = 5  # calendar days in which an escalation can be answered; the report of a month is made after them


def by_step(connection: Connection, period: Period, until: date) -> Counts:
    """Count the steps that approached SPOCs or leads, by rule and step (`rule step`); one step counts once.

    What was met within a day of it came perhaps too late to matter. One without an answer counts once its days for it
    are over, `until` being the last day of which anything is known.
    """
    statement = f"""
        with steps as (
          select distinct n.obligation_id, n.step_name, n.day from notifications n
          where n.day between %(from)s and %(to)s and n.duty = 'escalate' and n.happening = 'step'
            and n.occasion = '' and n.state <> '{State.VOID}')
        select {PLACE}, o.rule || ' ' || s.step_name as step, count(*)::int as sent,
               count(*) filter (where met.on_day between s.day and s.day + 1)::int as met_within_a_day,
               count(*) filter (where s.day + {ANSWER_DAYS} <= %(until)s)::int as answerable,
               count(*) filter (where s.day + {ANSWER_DAYS} <= %(until)s
                 and (o.ended_on is null or o.ended_on > s.day + {ANSWER_DAYS}) and not exists (
                 select from promises p where p.obligation_id = o.id
                   and p.made_on between s.day and s.day + {ANSWER_DAYS}))::int as unanswered
        from steps s join obligations o on o.id = s.obligation_id join cases c on c.id = o.case_id and {SENT} {MET_ON}
        group by 3, {EVERY_PLACE}"""
    return counted_by(connection, "step", statement, period, until=until)


def promises(connection: Connection, period: Period) -> Counts:
    """Count acknowledgements by the day they were made, and by the day they ended."""
    statement = f"""
        select {PLACE}, count(*) filter (where p.made_on between %(from)s and %(to)s)::int as acknowledged,
               count(*) filter (where p.ended_on is null and met.on_day between %(from)s and %(to)s
                                  and met.on_day <= p.until_on)::int as acknowledgements_kept,
               count(*) filter (where p."end" = 'lapsed' and p.ended_on between %(from)s and %(to)s)::int
                 as acknowledgements_lapsed
        from promises p join obligations o on o.id = p.obligation_id
        join cases c on c.id = o.case_id and {SENT} {MET_ON}
        where p.made_on <= %(to)s and (p.ended_on is null or p.ended_on >= %(from)s)
        group by {EVERY_PLACE}"""
    return counted(connection, statement, period)

"""Reads of the stalls of a month: when cases stalled, when they moved again, and how long each side was late."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import Connection

from models.queries.report.places import EVERY_PLACE, PLACE, SENT, Counts, Period, counted


def stalls(connection: Connection, period: Period, starts: Mapping[str, date], inherits: Sequence[str]) -> Counts:
    """Count stalls. Obligations that stall a case together, or one on the day another ends, are one stall.

    `starts` are the forces' first days; `inherits` names the rules of which a force inherits.
    """
    statement = f"""
        with stalls as (
          select o.case_id,
                 bool_and(coalesce(s.on_day > o.due_on and o.rule = any(%(inherits)s) and not o.hard, false))
                   filter (where o.ended_on is null or o.ended_on > %(to)s) as inherited,
                 unnest(range_agg(daterange(greatest(o.escalate_on, o.due_on + 1), o.ended_on))) as days
          from obligations o
          left join unnest(%(codes)s::text[], %(days)s::date[]) s(code, on_day) on s.code = o.force_code
          where o.stalls and o.case_id is not null and o.end_reason is distinct from 'void'
            and greatest(o.escalate_on, o.due_on + 1) <= %(to)s
            and (o.ended_on is null or o.ended_on > greatest(o.escalate_on, o.due_on + 1))
          group by o.case_id)
        select {PLACE}, count(*) filter (where lower(s.days) >= %(from)s)::int as stalls_opened,
               count(*) filter (where upper(s.days) between %(from)s and %(to)s)::int as stalls_cleared,
               percentile_cont(0.5) within group (order by upper(s.days) - lower(s.days))
                 filter (where upper(s.days) between %(from)s and %(to)s) as stalled_days,
               count(*) filter (where s.days @> %(to)s::date)::int as stalled_at_end,
               count(*) filter (where s.days @> %(to)s::date and s.inherited)::int as inherited_at_end
        from stalls s join cases c on c.id = s.case_id and {SENT} group by {EVERY_PLACE}"""
    given = {"codes": list(starts), "days": list(starts.values()), "inherits": list(inherits)}
    return counted(connection, statement, period, **given)


def late_days(connection: Connection, period: Period) -> Counts:
    """Add up the days of the month on which each side was late. A day on which it was late twice counts once."""
    statement = f"""
        with late as (
          select o.case_id, o.owed_by,
                 unnest(range_agg(daterange(o.due_on + 1, o.ended_on) * daterange(%(from)s, %(to)s, '[]'))) as days
          from obligations o
          where o.case_id is not null and o.end_reason is distinct from 'void' and o.due_on < %(to)s
            and (o.ended_on is null or o.ended_on > greatest(o.due_on + 1, %(from)s))
          group by o.case_id, o.owed_by),
        sums as (select case_id, owed_by, sum(upper(days) - lower(days)) as days from late group by 1, 2)
        select {PLACE}, {", ".join(_OF_SIDE.format(side) for side in ("police", "cps", "both"))}
        from sums s join cases c on c.id = s.case_id and {SENT} group by {EVERY_PLACE}"""
    return counted(connection, statement, period)


_OF_SIDE = "coalesce(sum(s.days) filter (where s.owed_by = '{0}'), 0)::int as {0}_late_days"

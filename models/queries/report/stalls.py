"""Reads of the stalls of a month: when cases stalled, when they moved again, and how long each side was late."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.report.places import EVERY_PLACE, PLACE, Period, ReportPlace, counted


class StallCounts(NamedTuple):
    """Stalls that began and that ended, the median of their calendar days, and the cases stalled on the last day.

    Those of them are counted apart that nothing stalls but what was due before their force's first day.
    """

    stalls_opened: int
    stalls_cleared: int
    stalled_days: float | None
    stalled_at_end: int
    inherited_at_end: int


class LateDays(NamedTuple):
    """Calendar days on which something that a side owed on a case was overdue, added up over the cases."""

    police_late_days: int
    cps_late_days: int
    both_late_days: int


def stalls(
    connection: Connection, period: Period, starts: Mapping[str, date], inherits: Sequence[str]
) -> dict[ReportPlace, dict[str, float | None]]:
    """Count stalls. Obligations that stall a case together, or one on the day another ends, are one stall.

    `starts` are the forces' first days; `inherits` names the rules of which a force inherits.
    """
    return counted(
        connection,
        StallCounts,
        f"""with stalls as (
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
            from stalls s join cases c on c.id = s.case_id group by {EVERY_PLACE}""",
        period,
        codes=list(starts),
        days=list(starts.values()),
        inherits=list(inherits),
    )


def late_days(connection: Connection, period: Period) -> dict[ReportPlace, dict[str, float | None]]:
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
        from sums s join cases c on c.id = s.case_id group by {EVERY_PLACE}"""
    return counted(connection, LateDays, statement, period)


_OF_SIDE = "coalesce(sum(s.days) filter (where s.owed_by = '{0}'), 0)::int as {0}_late_days"

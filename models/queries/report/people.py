"""Reads of a month's training and SPOC cover, which belong to a force or to an Area and never to a pair."""

from sqlalchemy import Connection

from models.queries.report.places import Counts, Period, counted
from models.rules.catalogue.contents import about
from models.rules.catalogue.rule import About

# The force of a police contact and the Area of a CPS contact; one who has several is counted in each, and once in all.
_PLACES = """join contacts k on k.contact_ref = p.contact_ref cross join lateral (
    select code as force_code, null as cps_area from unnest(k.force_codes) code where k.agency = 'police' union all
    select null, area from unnest(k.cps_areas) area where k.agency = 'cps') c"""


def training(connection: Connection, period: Period) -> Counts:
    """Count people by what they completed, and by what they still owed."""
    statement = f"""
        with people as (
          select t.contact_ref, true as completed from training t
          where t.withdrawn_on is null and t.completed_on between %(from)s and %(to)s
          union
          select substr(o.subject, 9), false from obligations o
          where o.rule in {about(About.PROSECUTOR, About.SPOC)} and o.due_on <= %(to)s and o.began_on <= %(to)s
            and (o.ended_on is null or o.ended_on > %(to)s) and o.end_reason is distinct from 'void')
        select c.force_code, c.cps_area,
               count(distinct p.contact_ref) filter (where p.completed)::int as training_completed,
               count(distinct p.contact_ref) filter (where not p.completed)::int as training_overdue
        from people p {_PLACES} group by grouping sets ((c.force_code, c.cps_area), ())"""
    return counted(connection, statement, period)


def cover(connection: Connection, period: Period) -> Counts:
    """Add up the days on which a place had no SPOC, from the day on which one was owed."""
    statement = f"""
        with gaps as (
          select case when o.subject like 'force:%%' then substr(o.subject, 7) end as force_code,
                 case when o.subject like 'area:%%' then substr(o.subject, 6) end as cps_area,
                 least(coalesce(o.ended_on - 1, %(to)s), %(to)s) - greatest(o.due_on, %(from)s) + 1 as days
          from obligations o
          where o.rule in {about(About.POST)} and o.end_reason is distinct from 'void' and o.due_on <= %(to)s
            and (o.ended_on is null or o.ended_on > greatest(o.due_on, %(from)s)))
        select c.force_code, c.cps_area, coalesce(sum(c.days), 0)::int as days_without_spoc
        from gaps c group by grouping sets ((c.force_code, c.cps_area), ())"""
    return counted(connection, statement, period)

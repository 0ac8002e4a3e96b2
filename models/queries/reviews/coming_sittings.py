"""Reads of the joint review meetings that people are to attend in the next days."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import grouped, keyed_as


class AttendedSitting(NamedTuple):
    """A meeting that somebody attends: how many cases are listed there, and how many of them are their own."""

    ref: str
    force_code: str
    cps_area: str
    starts_at: datetime
    place: str
    whole: bool  # whether they attend all of it
    cases: int
    own_at: datetime | None  # when the first of their own cases is reviewed
    own: int


def coming(
    connection: Connection, contact_refs: Sequence[str], first: date, last: date
) -> dict[str, list[AttendedSitting]]:
    """Return each person's meetings of these days, the earliest first.

    The chair and the SPOCs of both sides attend all of it, an officer and a prosecutor their own cases. Cases from
    which the person is barred do not count.
    """
    statement = """
        select p.contact_ref, s.ref, s.force_code, s.cps_area, s.starts_at, s.place, w.whole, w.cases, w.own,
               s.starts_at + w.slot * s.minutes_per_case * interval '1 minute' as own_at
        from contacts p
        join sittings_ahead s on s.day between %(first)s and %(last)s
        cross join lateral (
            select coalesce(s.chair_ref = p.contact_ref or 'spoc' = any(p.roles)
                     and (p.agency = 'police' and s.force_code = any(p.force_codes)
                          or p.agency = 'cps' and s.cps_area = any(p.cps_areas)), false) as whole,
                   count(*) as cases, count(*) filter (where v.own) as own, min(v.slot) filter (where v.own) as slot
            from (select l.slot, c.oic_ref = p.contact_ref or exists (
                         select from cps_cases k where k.key_id in (c.id, c.urn_key_id) and k.withdrawn_on is null
                         and k.prosecutor_ref = p.contact_ref) as own
                  from convenings l join disclosed c on c.id = l.case_id
                  where l.sitting_id = s.id and l.ended_on is null
                    and p.contact_ref <> all(c.barred)) v) w
        where p.contact_ref = any(%(refs)s) and w.cases > 0 and (w.whole or w.own > 0)
        order by p.contact_ref, s.starts_at, s.ref"""
    given = {"refs": list(contact_refs), "first": first, "last": last}
    return grouped(keyed_as(connection, "contact_ref", AttendedSitting, statement, given))

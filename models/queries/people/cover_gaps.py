"""Where somebody will be missing: whose absence is coming, whose time as SPOC ends, which places have no SPOC."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection

from config.terms import Agency
from models.queries.driver import fetch
from models.queries.people.contacts import LEADING
from models.queries.people.jurisdictions import PLACES

_ACTIVE = """(c.withdrawn_on is null or c.withdrawn_on > %(first)s) and coalesce(c.active_from <= %(first)s, true)
             and coalesce(c.active_to >= %(first)s, true)"""

# Whether a contact `c` has something open in hand, each way by an index of its own.
_IN_HAND = """(exists (select from cases k where k.oic_ref = c.contact_ref and k.finalised_on is null)
    or exists (select from cases k where k.supervisor_ref = c.contact_ref and k.finalised_on is null)
    or exists (select from actions t where t.owner_ref = c.contact_ref and t.withdrawn_on is null
                 and t.status in ('pending', 'waiting_third_party'))
    or exists (select from cps_cases p join cases k on k.id = p.key_id
               where p.prosecutor_ref = c.contact_ref and p.withdrawn_on is null and k.finalised_on is null)
    or exists (select from cps_cases p join cases k on k.urn_key_id = p.key_id
               where p.prosecutor_ref = c.contact_ref and p.withdrawn_on is null and k.finalised_on is null))"""


class ComingAbsence(NamedTuple):
    """Someone who owes or leads, and the days on which they will be away."""

    contact_ref: str
    agency: Agency
    from_on: date
    to_on: date


class LeavingContact(NamedTuple):
    """A SPOC whose last day comes, for one of their forces or Areas, and how many others there are after it."""

    contact_ref: str
    agency: Agency
    place: str
    last_on: date
    others: int


class VacantPost(NamedTuple):
    """A force or CPS Area with open stalking cases and no SPOC."""

    agency: Agency
    place: str
    cases: int


class MissingChair(NamedTuple):
    """The chair of a pair's sittings, from a day on, who is nobody that is known and active then."""

    chair_ref: str
    pair: tuple[str, str]
    from_on: date


def absences(connection: Connection, first: date, last: date) -> list[ComingAbsence]:
    """The absences that begin between two days, of people with a role in leading or with something open in hand."""
    rows = _rows(
        connection,
        f"""select c.contact_ref, c.agency, a.from_on, a.to_on
            from absences a join contacts c using (contact_ref)
            where a.withdrawn_on is null and a.from_on between %(first)s and %(last)s and a.to_on >= %(first)s
              and {_ACTIVE} and ({LEADING} or {_IN_HAND})
            order by a.from_on, c.contact_ref""",
        first,
        last,
    )
    return [ComingAbsence(*row) for row in rows]


def leaving(connection: Connection, first: date, last: date) -> list[LeavingContact]:
    """The SPOCs whose last day lies between two days, place by place."""
    rows = _rows(
        connection,
        f"""select c.contact_ref, c.agency, p.place, c.active_to,
                   (select count(*) from contacts o
                    where 'spoc' = any(o.roles) and o.agency = c.agency and o.withdrawn_on is null
                      and p.place = any(o.force_codes || o.cps_areas) and coalesce(o.active_to > c.active_to, true)
                      and coalesce(o.active_from <= c.active_to + 1, true))
            from contacts c cross join lateral unnest(case c.agency when 'police' then c.force_codes
                                                                    else c.cps_areas end) p(place)
            where {LEADING} and 'spoc' = any(c.roles) and c.active_to between %(first)s and %(last)s and {_ACTIVE}
            order by c.active_to, c.contact_ref, p.place""",
        first,
        last,
    )
    return [LeavingContact(*row) for row in rows]


def vacant(connection: Connection, today: date) -> list[VacantPost]:
    """The forces and CPS Areas that have open stalking cases and nobody as their SPOC."""
    rows = _rows(
        connection,
        f"""with {PLACES}
            select p.agency, p.place, sum(found.cases)::int
            from (select 'police' as agency, force_code as place, force_code, cps_area from place
                  where classification = 'stalking'
                  union all
                  select 'cps', cps_area, force_code, cps_area from place where classification = 'stalking') p
            cross join lateral (
                select count(*) as cases from cases o
                where o.force_code = p.force_code and o.cps_area = p.cps_area and o.finalised_on is null
                  and o.classification = 'stalking') found
            where not exists (select from contacts c
                              where {LEADING} and 'spoc' = any(c.roles) and c.agency = p.agency and {_ACTIVE}
                                and p.place = any(case p.agency when 'police' then c.force_codes
                                                                else c.cps_areas end))
            group by p.agency, p.place
            order by p.agency desc, p.place""",
        today,
        today,
    )
    return [VacantPost(*row) for row in rows]


def chairless(connection: Connection, today: date) -> list[MissingChair]:
    """The pairs that have sittings to come whose chair will be no known, active contact on their day."""
    rows = fetch(
        connection,
        """select s.chair_ref, s.force_code, s.cps_area, min(s.day) from sittings s
           where s.day > %s and s.cancelled_on is null and not exists (
               select from contacts c
               where c.contact_ref = s.chair_ref and coalesce(c.withdrawn_on > s.day, true)
                 and coalesce(c.active_from <= s.day, true) and coalesce(c.active_to >= s.day, true))
           group by s.chair_ref, s.force_code, s.cps_area order by min(s.day), s.force_code, s.cps_area, s.chair_ref""",
        (today,),
    )
    return [MissingChair(row[0], (row[1], row[2]), row[3]) for row in rows]


def _rows(connection: Connection, statement: str, first: date, last: date) -> list[list[Any]]:
    rows = fetch(connection, statement, {"first": first, "last": last})
    return [[Agency(value) if value in {"police", "cps"} else value for value in row] for row in rows]

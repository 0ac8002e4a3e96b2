"""Reads of gaps in cover: absences to come, SPOCs who leave, places without a SPOC, sittings without a chair."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from config.terms import Agency
from models.queries.driver import fetch_as
from models.queries.people.contacts import LEADING
from models.queries.people.jurisdictions import IN_SCOPE, PLACES

_ACTIVE = """(c.withdrawn_on is null or c.withdrawn_on > %(first)s) and coalesce(c.active_from <= %(first)s, true)
             and coalesce(c.active_to >= %(first)s, true)"""

# Whether a contact `c` has an open case or action; each of these conditions has an index of its own.
_IN_HAND = """(exists (select from cases k where k.oic_ref = c.contact_ref and k.finalised_on is null)
    or exists (select from cases k where k.supervisor_ref = c.contact_ref and k.finalised_on is null)
    or exists (select from actions t where t.owner_ref = c.contact_ref and t.withdrawn_on is null
                 and t.status in ('pending', 'waiting_third_party'))
    or exists (select from cps_cases p join cases k on k.id = p.key_id
               where p.prosecutor_ref = c.contact_ref and p.withdrawn_on is null and k.finalised_on is null)
    or exists (select from cps_cases p join cases k on k.urn_key_id = p.key_id
               where p.prosecutor_ref = c.contact_ref and p.withdrawn_on is null and k.finalised_on is null))"""


class ComingAbsence(NamedTuple):
    """The coming absence of a contact who leads or has open work."""

    contact_ref: str
    agency: Agency
    from_on: date
    to_on: date


class LeavingContact(NamedTuple):
    """A SPOC who leaves a force or CPS Area, and how many other SPOCs it has after their last day."""

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


class ClosedPlace(NamedTuple):
    """A force with open restricted cases and no SPOC or lead who may read them."""

    force_code: str
    cases: int


class MissingChair(NamedTuple):
    """A chair of a pair's sittings who is no known, active contact from a day on."""

    chair_ref: str
    pair: tuple[str, str]
    from_on: date


def absences(connection: Connection, first: date, last: date) -> list[ComingAbsence]:
    """Return the absences that begin between two days, of contacts who lead or have open work."""
    statement = f"""
        select c.contact_ref, c.agency, a.from_on, a.to_on
        from absences a join contacts c using (contact_ref)
        where a.withdrawn_on is null and a.from_on between %(first)s and %(last)s and a.to_on >= %(first)s
          and {_ACTIVE} and ({LEADING} or {_IN_HAND})
        order by a.from_on, c.contact_ref"""
    return fetch_as(connection, ComingAbsence, statement, {"first": first, "last": last})


def leaving(connection: Connection, first: date, last: date) -> list[LeavingContact]:
    """Return the SPOCs whose last day lies between two days, once for each of their places."""
    statement = f"""
        select c.contact_ref, c.agency, p.place, c.active_to as last_on,
               (select count(*) from contacts o
                where 'spoc' = any(o.roles) and o.agency = c.agency and o.withdrawn_on is null
                  and p.place = any(o.force_codes || o.cps_areas) and coalesce(o.active_to > c.active_to, true)
                  and coalesce(o.active_from <= c.active_to + 1, true)) as others
        from contacts c cross join lateral unnest(case c.agency when 'police' then c.force_codes
                                                                else c.cps_areas end) p(place)
        where {LEADING} and 'spoc' = any(c.roles) and c.active_to between %(first)s and %(last)s and {_ACTIVE}
        order by c.active_to, c.contact_ref, p.place"""
    return fetch_as(connection, LeavingContact, statement, {"first": first, "last": last})


def vacant(connection: Connection, today: date, harassment_in: Collection[str]) -> list[VacantPost]:
    """Return the forces and CPS Areas that have cases in scope and no SPOC."""
    statement = f"""
        with {PLACES}
        select p.agency, p.place, sum(found.cases)::int as cases
        from (select 'police' as agency, force_code as place, force_code, cps_area from place
              where {IN_SCOPE}
              union all
              select 'cps', cps_area, force_code, cps_area from place where {IN_SCOPE}) p
        cross join lateral (
            select count(*) as cases from cases o
            where o.force_code = p.force_code and o.cps_area = p.cps_area and o.finalised_on is null
              and {IN_SCOPE}) found
        where not exists (select from contacts c
                          where {LEADING} and 'spoc' = any(c.roles) and c.agency = p.agency and {_ACTIVE}
                            and p.place = any(case p.agency when 'police' then c.force_codes
                                                            else c.cps_areas end))
        group by p.agency, p.place
        order by p.agency desc, p.place"""
    return fetch_as(connection, VacantPost, statement, {"first": today, "harassment_in": list(harassment_in)})


def closed_to_all(connection: Connection, today: date, harassment_in: Collection[str]) -> list[ClosedPlace]:
    """Return the forces that have restricted cases in scope and no SPOC or lead who may read them."""
    statement = f"""
        select r.force_code, r.cases
        from (select force_code, count(*)::int as cases from cases
              where restricted and finalised_on is null and {IN_SCOPE} group by force_code) r
        where not exists (select from contacts c
                          where {LEADING} and c.restricted_access and c.agency = 'police' and {_ACTIVE}
                            and r.force_code = any(c.force_codes))
        order by r.force_code"""
    return fetch_as(connection, ClosedPlace, statement, {"first": today, "harassment_in": list(harassment_in)})


def chairless(connection: Connection, today: date) -> list[MissingChair]:
    """Return the pairs whose sittings to come have a chair who is no known, active contact on that day."""
    statement = """
        select s.chair_ref, array[s.force_code, s.cps_area] as pair, min(s.day) as from_on from sittings s
        where s.day > %s and s.cancelled_on is null and not exists (
            select from contacts c
            where c.contact_ref = s.chair_ref and coalesce(c.withdrawn_on > s.day, true)
              and coalesce(c.active_from <= s.day, true) and coalesce(c.active_to >= s.day, true))
        group by s.chair_ref, s.force_code, s.cps_area order by min(s.day), s.force_code, s.cps_area, s.chair_ref"""
    return fetch_as(connection, MissingChair, statement, (today,))

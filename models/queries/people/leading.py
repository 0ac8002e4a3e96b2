"""Reads of the open cases on which SPOCs lead: by the case's own row, else by the panel of its pair."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from config.terms import Agency
from models.queries.driver import array, fetch_as
from models.queries.people.contacts import ACTIVE, LEADING
from models.rules.people.directory import PanelSpocs

# The active SPOCs `s`, with the forces or Areas for which they are one.
_SPOCS = f"""select c.contact_ref as ref, c.agency, c.restricted_access as access,
                    case c.agency when 'police' then c.force_codes else c.cps_areas end as places
             from contacts c where {LEADING} and 'spoc' = any(c.roles) and {ACTIVE}"""
# Whether the SPOC `s` may lead on the case `c`, by the place of their agency.
_MAY = "(s.access or not c.is_restricted) and s.ref <> all(c.barred) and {place} = any(s.places)"
_OF = {
    Agency.POLICE: ("c.force_code", "c.spoc_ref"),
    Agency.CPS: (
        "c.cps_area",
        """coalesce((select x.spoc_ref from cps_cases x where x.key_id = c.id and x.withdrawn_on is null),
                    (select x.spoc_ref from cps_cases x where x.key_id = c.urn_key_id and x.withdrawn_on is null))""",
    ),
}
_BY_ROW = {
    Agency.POLICE: "select c.id from cases c where c.spoc_ref = s.ref and c.finalised_on is null",
    Agency.CPS: """select c.id from cps_cases x join cases c on c.id = x.key_id
                   where x.spoc_ref = s.ref and x.withdrawn_on is null and c.finalised_on is null union
                   select c.id from cps_cases x join cases c on c.urn_key_id = x.key_id
                   where x.spoc_ref = s.ref and x.withdrawn_on is null and c.finalised_on is null""",
}
# Whether a contact `c` holds the role for the case `k`, by agency.
_THERE = {Agency.POLICE: "k.force_code = any(c.force_codes)", Agency.CPS: "k.cps_area = any(c.cps_areas)"}
_BY_URN = "union all select id from case_keys where urn_root = r.urn_root"


class LedCase(NamedTuple):
    """A case, and a SPOC who leads on it."""

    contact_ref: str
    case_id: int


def cases_led(connection: Connection, contact_refs: Collection[str], panels: PanelSpocs, today: date) -> list[LedCase]:
    """Return the open cases on which each of these SPOCs leads today, by their reference and the case's id."""
    named = [(force, area, agency.value, ref) for (force, area, agency), ref in panels.items() if ref in contact_refs]
    columns = zip(*named, strict=True) if named else ((), (), (), ())
    forces, areas, agencies, refs = (array(column) for column in columns)
    statement = f"""
        with spocs as materialized ({_SPOCS}),
        panels as (select * from unnest(%(forces)s::text[], %(areas)s::text[], %(agencies)s::text[],
                                        %(named)s::text[]) p(force_code, cps_area, agency, ref))
        {" union ".join(_led(agency) for agency in Agency)} order by 1, 2"""
    given = {
        "today": today, "refs": list(contact_refs), "forces": forces, "areas": areas, "agencies": agencies,
        "named": refs,
    }  # fmt: skip
    return fetch_as(connection, LedCase, statement, given)


def _led(agency: Agency) -> str:
    """Return the cases that SPOCs of one agency lead: those of the rows, and of the panels where no row's SPOC may."""
    place, row = _OF[agency]
    may = _MAY.format(place=place)
    return f"""
        select s.ref as contact_ref, c.id as case_id
        from spocs s cross join lateral ({_BY_ROW[agency]}) own join disclosed c on c.id = own.id
        where s.agency = '{agency.value}' and s.ref = any(%(refs)s) and {row} = s.ref and {may}
        union
        select s.ref, c.id
        from panels p join spocs s on s.ref = p.ref and s.agency = p.agency
        join disclosed c on c.force_code = p.force_code and c.cps_area = p.cps_area and c.finalised_on is null
        where p.agency = '{agency.value}' and {may} and not exists (
            select from spocs s where s.ref = {row} and s.agency = '{agency.value}' and {may})"""


class CannotLeadLine(NamedTuple):
    """A line whose `spoc_ref` is a known contact who may not lead, and how many such lines there are in all."""

    line: int
    ref: str
    lines: int


def cannot_lead(connection: Connection, staged: str, agency: Agency, today: date, most: int) -> list[CannotLeadLine]:
    """Return the first `most` lines that name a known contact who leads on none of their cases as of a day.

    `staged` is the temporary table of an agency's file of cases.
    """
    statement = f"""
        select r.line, r.spoc_ref as ref, count(*) over () as lines
        from {staged} r join contacts c on c.contact_ref = r.spoc_ref
        cross join lateral (
            select bool_or({ACTIVE} and c.agency = %(agency)s and 'spoc' = any(c.roles) and {_THERE[agency]}
                           and c.contact_ref <> all(k.barred) and (c.restricted_access or not k.is_restricted))
                   as may
            from (select id from case_keys where force_code = r.force_code and case_ref = r.case_ref
                  {"" if agency is Agency.POLICE else _BY_URN}) key
            cross join lateral (
                select * from disclosed where id = key.id union all
                select * from disclosed where urn_key_id = key.id) k) lead
        where not r.bad and not r.withdrawn and not lead.may
        order by r.line limit %(most)s"""
    return fetch_as(connection, CannotLeadLine, statement, {"agency": agency.value, "today": today, "most": most})

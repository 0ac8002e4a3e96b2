"""Reads of the rows of an extract that name a SPOC who cannot lead on their case, once all its files are merged."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from config.terms import Agency
from models.queries.driver import fetch_as
from models.queries.people.barring import BARRED
from models.queries.people.contacts import ACTIVE
from models.queries.people.restriction import RESTRICTED

# Whether a contact `c` holds the role for the case `k`, by agency.
_THERE = {Agency.POLICE: "k.force_code = any(c.force_codes)", Agency.CPS: "k.cps_area = any(c.cps_areas)"}
_BY_URN = "union all select id from case_keys where urn_root = r.urn_root"


class CannotLeadLine(NamedTuple):
    """A line whose `spoc_ref` is a known contact who may not lead, and how many such lines there are in all."""

    line: int
    ref: str
    lines: int


def cannot_lead(connection: Connection, staged: str, agency: Agency, today: date, most: int) -> list[CannotLeadLine]:
    """Return the first `most` lines that name a known contact who leads on none of their cases as of a day.

    `staged` is the temporary table of an agency's file of cases.
    """
    of_cases = f"{RESTRICTED} as kept, {BARRED} as hidden_from"
    return fetch_as(
        connection,
        CannotLeadLine,
        f"""select r.line, r.spoc_ref as ref, count(*) over () as lines
            from {staged} r join contacts c on c.contact_ref = r.spoc_ref
            cross join lateral (
                select bool_or({ACTIVE} and c.agency = %(agency)s and 'spoc' = any(c.roles) and {_THERE[agency]}
                               and c.contact_ref <> all(k.hidden_from) and (c.restricted_access or not k.kept))
                       as may
                from (select id from case_keys where force_code = r.force_code and case_ref = r.case_ref
                      {"" if agency is Agency.POLICE else _BY_URN}) key
                cross join lateral (
                    select c.force_code, c.cps_area, {of_cases} from cases c where c.id = key.id union all
                    select c.force_code, c.cps_area, {of_cases} from cases c where c.urn_key_id = key.id) k) lead
            where not r.bad and not r.withdrawn and not lead.may
            order by r.line limit %(most)s""",
        {"agency": agency.value, "today": today, "most": most},
    )

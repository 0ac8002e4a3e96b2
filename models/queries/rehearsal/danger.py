"""Reads of who is told of danger how often: the cases of which something new may say so, and the SPOCs of police."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from config.terms import Agency
from models.queries.driver import fetch_as, scalars
from models.queries.people.contacts import ACTIVE

_REPORTED = "select key_id from incidents where reported_on >= %(since)s and withdrawn_on is null"
_OPENED = "select suspect_key from cases where opened_on >= %(since)s and suspect_key is not null"


class PoliceSpoc(NamedTuple):
    """An active SPOC of police, and the forces for which they are one."""

    ref: str
    force_codes: list[str]


def may_say_so(connection: Connection, since: date) -> list[int]:
    """Return the open cases that may have a day of danger from this one on: by news of them, or of their suspects."""
    # Not by disclosed: their days are counted, and no case is named
    statement = f"""
        select c.id from cases c
        where c.finalised_on is null and (
              c.id in ({_REPORTED}) or c.urn_key_id in ({_REPORTED}) or c.opened_on >= %(since)s
              or c.urn_key_id in (select urn_key_id from cases where id in ({_REPORTED}))
              or c.suspect_key in ({_OPENED})
              or c.id in (select key_id from suspects where suspect_key in ({_OPENED}))
              or c.id in (select key_id from seen_changes where seen_on >= %(since)s))
        order by c.id"""
    return scalars(connection, statement, {"since": since})


def spocs(connection: Connection, today: date) -> list[PoliceSpoc]:
    """Return the active SPOCs of police."""
    statement = f"""
        select c.contact_ref as ref, c.force_codes from contacts c
        where c.agency = '{Agency.POLICE}' and 'spoc' = any(c.roles) and {ACTIVE} order by 1"""
    return fetch_as(connection, PoliceSpoc, statement, {"today": today})

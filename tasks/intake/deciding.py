"""Finding of those whom an extract that is held concerns: who decides on it, and the leads who read of it."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection

from config.forces import FORCES
from config.terms import Addressee, Agency, OwedBy
from models.rules.people.addressing import address
from models.rules.people.parties import Parties
from tasks.platform.configuration import Configuration
from tasks.platform.directory import directory_on


def parties_of(agency: Agency, covers: Collection[str]) -> Parties:
    """Return whom an extract concerns: its forces; of CPS the Areas of these forces, where each has one."""
    areas = tuple(sorted({area for code in covers if (area := FORCES[code].cps_area)}))
    if agency is Agency.CPS and areas:
        return Parties(OwedBy.CPS, (), areas)
    return Parties(OwedBy.POLICE, tuple(sorted(covers)))


def leads(
    configuration: Configuration, connection: Connection, agency: Agency, covers: Collection[str], today: date
) -> list[str]:
    """Return the leads of what an extract covers, but for forces whose people are not written to yet."""
    started = set(covers) - configuration.waiting(today)
    if not started:
        return []
    matter = parties_of(agency, started)
    found = address((Addressee.LEAD,), matter, directory_on(configuration, connection, today, [matter]))
    return [recipient.contact_ref for recipient in found if recipient.contact_ref]

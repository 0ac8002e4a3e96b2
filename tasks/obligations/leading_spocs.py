"""Who leads on a case for each agency, and where they are named, for `explain` and `checklist`."""

from dataclasses import dataclass

from config.terms import Agency
from models.rules.people.directory import Directory
from models.rules.people.leading import leads
from models.rules.people.parties import Parties


@dataclass(frozen=True, kw_only=True)
class ExplainedLead:
    """The SPOC who leads for an agency and where they are named: in the case's row or by the panel. None: nobody."""

    agency: str
    contact_ref: str | None
    named: str
    away: bool


def who_leads(matter: Parties, directory: Directory) -> tuple[ExplainedLead, ...]:
    """Return who leads on a case, the police first."""
    return tuple(_lead(agency, matter, directory) for agency in Agency)


def _lead(agency: Agency, matter: Parties, directory: Directory) -> ExplainedLead:
    lead = leads(agency, matter, directory)
    if lead is None:
        return ExplainedLead(agency=agency.value, contact_ref=None, named="", away=False)
    away = directory.people[lead.contact_ref].absent
    return ExplainedLead(agency=agency.value, contact_ref=lead.contact_ref, named=lead.named.value, away=away)

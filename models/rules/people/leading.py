"""The leading SPOC: the one of an agency's SPOCs who acts on a case, by its own row or by the panel of its pair."""

from typing import NamedTuple

from config.leading import LeadNamed
from config.terms import Agency, Role
from models.rules.people.directory import Directory, panel_of
from models.rules.people.knowing import open_to
from models.rules.people.parties import Parties


class LeadingSpoc(NamedTuple):
    """The SPOC of an agency who leads on a case, and where they are named."""

    contact_ref: str
    named: LeadNamed


def leads(agency: Agency, matter: Parties, directory: Directory) -> LeadingSpoc | None:
    """Return the SPOC who leads on a case for an agency; None where nobody does.

    Whom the case's row or the panel names counts only while active, of that agency, with the role there, not barred,
    and with access where the case is restricted.
    """
    for named, ref in _named(agency, matter, directory):
        if ref and may_lead(ref, agency, matter, directory):
            return LeadingSpoc(ref, named)
    return None


def may_read(ref: str | None, matter: Parties, directory: Directory) -> bool:
    """Return whether a contact, or operations (None), may know which case it is; nobody may whom no directory has."""
    return (ref is None or ref in directory.people) and open_to(directory.people.get(ref or ""), matter)


def may_lead(ref: str, agency: Agency, matter: Parties, directory: Directory) -> bool:
    """Return whether a contact may lead on a case as that agency's SPOC."""
    return ref in directory.holders(agency, Role.SPOC, matter.places(agency)) and may_read(ref, matter, directory)


def asked(agency: Agency, matter: Parties, directory: Directory) -> list[str]:
    """Return the contacts and the panel that decide who leads: the row's SPOC, and where they do not, the panel's."""
    row, panel = (ref for _, ref in _named(agency, matter, directory))
    if row and may_lead(row, agency, matter, directory):
        return [row]
    return [*filter(None, (row, panel)), *(panel_of(*pair) for pair in (matter.pair,) if pair)]


def _named(agency: Agency, matter: Parties, directory: Directory) -> tuple[tuple[LeadNamed, str | None], ...]:
    panel = directory.spocs.get((*matter.pair, agency)) if matter.pair else None
    return (LeadNamed.CASE, matter.spoc_ref(agency)), (LeadNamed.PANEL, panel)

"""Rows of an extract that tell of staff; each field is a column of the row's file."""

from dataclasses import dataclass
from datetime import date


@dataclass
class ContactCsvRow:
    """A row of contacts.csv."""

    contact_ref: str
    agency: str
    name: str
    email: str
    roles: tuple[str, ...]
    force_code: str = ""
    cps_area: str = ""
    deputy_ref: str = ""
    active_from: date | None = None
    active_to: date | None = None
    restricted_access: bool = False


@dataclass
class AbsenceCsvRow:
    """A row of absences.csv."""

    contact_ref: str
    from_on: date
    to_on: date


@dataclass
class TrainingCsvRow:
    """A row of training.csv."""

    contact_ref: str
    course: str
    completed_on: date
    expires_on: date | None = None

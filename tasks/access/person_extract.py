"""All that is held of a member of staff: by table, in counts and days, and why it stays after they have left."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from config.access.staff_columns import COLUMNS, SLACK_COLUMNS
from config.terms import Verb
from models.errors import Refuse
from models.queries import access as queries
from models.queries import audit
from models.queries.access import KnownPerson
from models.queries.audit import AuditEntry
from models.queries.people import disclosure
from tasks.platform import templates
from tasks.platform.home import whole_file
from tasks.servers.database import transaction


@dataclass(frozen=True, kw_only=True)
class HeldLine:
    """The rows of one table that hold a person in one way, and why they stay."""

    table: str
    shows: str
    rows: int
    first: date | None
    last: date | None
    stays: str


@dataclass(frozen=True, kw_only=True)
class PersonExtract:
    """All that holds a person. `known` is false where their contact is gone; `left_on` is None while they are here."""

    day: date
    contact_ref: str
    known: bool
    left_on: date | None
    lines: tuple[HeldLine, ...]


def of_person(contact_ref: str, by: str, today: date, file: Path | None = None) -> PersonExtract:
    """Return what is held of a contact, and write it to a new file if one is named; `by` is the account that asks.

    It is audited: as a disclosure to the person where it is written, else as a consultation. Raises Refuse if nothing
    is held of them, and for a file as `write` of an extract of a case does.
    """
    if file is None:
        return _audited(contact_ref, by, today, Verb.CONSULTATION)
    render = {".html": _page, ".json": as_json}.get(file.suffix)
    if render is None:
        raise Refuse("Name a file that ends in .html or .json. Nothing was done.")
    with whole_file(file) as to:
        extract = _audited(contact_ref, by, today, Verb.DISCLOSURE)
        to.write(render(extract).encode())
    return extract


def as_json(extract: PersonExtract) -> str:
    """Return an extract as one JSON object."""
    return json.dumps(asdict(extract), default=date.isoformat)


def _page(extract: PersonExtract) -> str:
    return templates.page("access/person.html", **vars(extract))


def _audited(contact_ref: str, by: str, today: date, verb: Verb) -> PersonExtract:
    to_ref = contact_ref if verb is Verb.DISCLOSURE else None
    with transaction() as connection:
        person = queries.person(connection, contact_ref)
        lines = tuple(_lines(connection, contact_ref, person))
        if not lines:
            raise Refuse(f"Nothing is held of a contact {contact_ref}. Nothing was done.")
        audit.record(connection, AuditEntry(verb, "contact", contact_ref, "access", by=by, to_ref=to_ref))
    return PersonExtract(
        day=today, contact_ref=contact_ref, known=person is not None, left_on=_left_on(person, today), lines=lines
    )


def _lines(connection: Connection, contact_ref: str, person: KnownPerson | None) -> Iterator[HeldLine]:
    slack = person.slack_user_id if person else None
    hidden = disclosure.hidden_cases(connection, [contact_ref]).get(contact_ref, frozenset())
    for where, ref in [*((column, contact_ref) for column in COLUMNS), *((column, slack) for column in SLACK_COLUMNS)]:
        rows = queries.held(connection, where, ref, hidden) if ref else None
        if rows and rows.rows:
            yield HeldLine(table=where.table, shows=where.shows, stays=where.stays, **rows._asdict())


def _left_on(person: KnownPerson | None, today: date) -> date | None:
    """Return the day since which a person is not here any more."""
    days = [person.active_to, person.withdrawn_on] if person else []
    return min((day for day in days if day and day <= today), default=None)

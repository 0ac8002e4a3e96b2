"""Reads of where one member of staff is held: counts and days, and no case."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from config.access.staff_columns import StaffColumn
from config.days.london import LONDON
from models.queries.driver import first_as


class HeldRows(NamedTuple):
    """How many rows hold a person in a column, and their first and last day; None where none has a day."""

    rows: int
    first: date | None
    last: date | None


class KnownPerson(NamedTuple):
    """A contact as its source last sent it, by reference."""

    agency: str
    active_to: date | None
    withdrawn_on: date | None
    slack_user_id: str | None


def person(connection: Connection, contact_ref: str) -> KnownPerson | None:
    """Return a contact; None where no row of it is left."""
    statement = "select agency, active_to, withdrawn_on, slack_user_id from contacts where contact_ref = %s"
    return first_as(connection, KnownPerson, statement, (contact_ref,))


def held(connection: Connection, where: StaffColumn, ref: str) -> HeldRows:
    """Return how many rows of a column hold a reference, and their days in London."""
    holds = f"%(ref)s = any({where.column})" if where.many else f"{where.column} = %(ref)s"
    is_moment = f"_{where.day}".endswith("_at")
    day = f"timezone('{LONDON.key}', {where.day})::date" if is_moment else where.day
    days = f"min({day}) as first, max({day}) as last" if day else "null::date as first, null::date as last"
    statement = f"select count(*) as rows, {days} from {where.table} where {holds}"
    found = first_as(connection, HeldRows, statement, {"ref": f"{where.prefix}{ref}"})
    return found or HeldRows(0, None, None)

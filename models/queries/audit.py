"""Writes of the audit log: one statement however many rows, and no lock."""

from typing import Any, NamedTuple

from sqlalchemy import Connection, func, insert

from config.terms import Verb
from models.audit import AuditRow


class AuditEntry(NamedTuple):
    """One row to be: ids, case references and counts only, never a name, an address or free text."""

    verb: Verb
    about: str
    ref: str
    reason: str
    by: str = "casebeat"
    to_ref: str | None = None
    detail: dict[str, Any] | None = None


def record(connection: Connection, *entries: AuditEntry) -> int:
    """Write `entries` in the caller's transaction, each with the database's own moment, and return how many."""
    if entries:
        connection.execute(insert(AuditRow), [entry._asdict() for entry in entries])
    return len(entries)


def record_as_owner(connection: Connection, entry: AuditEntry) -> None:
    """Write an entry as the tables' owner into tables of any revision: the first did not set a row's moment itself."""
    connection.execute(insert(AuditRow).values(**entry._asdict(), at=func.statement_timestamp()))

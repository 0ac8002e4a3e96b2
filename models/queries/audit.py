"""Writing the audit log: one statement however many rows, and no lock."""

from collections.abc import Iterable
from typing import Any, NotRequired, TypedDict

from sqlalchemy import Connection, insert

from config.terms import Verb
from models.audit import AuditRow


class AuditEntry(TypedDict):
    """One row to be: ids, case references and counts only, never a name, an address or free text."""

    verb: Verb
    by: str
    about: str
    ref: str
    reason: str
    to_ref: NotRequired[str | None]
    detail: NotRequired[dict[str, Any] | None]


def record(connection: Connection, entries: Iterable[AuditEntry]) -> int:
    """Write `entries` in the caller's transaction, each with the database's own moment, and say how many there were."""
    rows = [{"to_ref": None, "detail": None, **entry} for entry in entries]
    if rows:
        connection.execute(insert(AuditRow), rows)
    return len(rows)

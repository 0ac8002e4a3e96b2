"""Writes of the audit log: one statement however many rows, and no lock."""

import json
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, insert

from config.terms import Verb
from models.audit import AuditRow
from models.queries.driver import array, execute
from models.queries.kept_plans import Kept


class AuditEntry(NamedTuple):
    """One row to be: ids, case references and counts only, never a name, an address or free text."""

    verb: Verb
    about: str
    ref: str
    reason: str
    by: str = "casebeat"
    to_ref: str | None = None
    detail: dict[str, Any] | None = None


_FIELDS = ", ".join(AuditEntry._fields)


def record(connection: Connection, *entries: AuditEntry) -> int:
    """Write `entries` in the caller's transaction, each with the database's own moment, and return how many."""
    if entries:
        statement = f"""
            insert into audit ({_FIELDS}) select {_FIELDS.replace("detail", "detail::jsonb")}
            from unnest({", ".join(f"%({field})s::text[]" for field in AuditEntry._fields)}) e({_FIELDS})"""
        rows = [(*entry[:-1], json.dumps(entry.detail)) for entry in entries]
        columns = map(array, zip(*rows, strict=True))
        execute(connection, Kept(statement), dict(zip(AuditEntry._fields, columns, strict=True)))
    return len(entries)


def record_as_owner(connection: Connection, entry: AuditEntry) -> None:
    """Write an entry as the tables' owner into tables of any revision: the first did not set a row's moment itself."""
    connection.execute(insert(AuditRow).values(**entry._asdict(), at=func.statement_timestamp()))

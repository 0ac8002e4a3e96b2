"""Writing the audit log: one statement however many rows, and no lock."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, insert

from models.audit import AuditRow

COLUMNS = ("verb", "by", "about", "ref", "to_ref", "reason", "detail")


def record(connection: Connection, rows: Iterable[Mapping[str, Any]]) -> int:
    """Write `rows` in the caller's transaction, and say how many there were.

    Each has `verb`, `by`, `about`, `ref` and `reason`, and may have `to_ref` and `detail` (ids and counts only).
    The database gives each its moment.
    """
    values = [{column: row.get(column) for column in COLUMNS} for row in rows]
    if values:
        connection.execute(insert(AuditRow), values)
    return len(values)

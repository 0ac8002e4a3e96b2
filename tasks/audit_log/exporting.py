"""Export audit rows to a file, as CSV or as JSON lines. The export is audited before a row is read."""

import csv
import io
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from config.terms import Verb
from models.errors import Refuse
from models.queries import audit
from models.queries.audit import AuditEntry
from models.queries.audit_log import export as queries
from models.queries.audit_log.export import Asked, ExportedRow
from tasks.platform.home import whole_file
from tasks.platform.text import safe_cell
from tasks.servers.database import transaction

IdsPassed = Callable[[int, int], None]  # the id so far, the last id


def export(file: Path, asked: Asked, by: str, at: datetime, progress: IdsPassed) -> int:
    """Write the rows that are asked for, and return how many. The memory does not grow with them.

    Raises Refuse if the file's name ends in neither .csv nor .jsonl, if it is there already, or for an unknown case.
    """
    write = {".csv": _cells, ".jsonl": _object}.get(file.suffix)
    if write is None:
        raise Refuse("Name a file that ends in .csv or .jsonl. Nothing was done.")
    with whole_file(file) as to:
        with transaction() as connection:
            last = _begin(connection, asked, by, at)
        count = 0
        if write is _cells:
            to.write(_line(ExportedRow._fields))
        with transaction() as connection:
            for count, row in enumerate(queries.rows(connection, asked, last), start=1):
                to.write(write(row))
                if count % 1000 == 0:
                    progress(row.id, last)
    return count


def _begin(connection: Connection, asked: Asked, by: str, at: datetime) -> int:
    """Audit the request, and return the id of the last row before it."""
    if asked.case and not queries.is_known(connection, asked.case):
        raise Refuse(f"There is no case {asked.case} in the book. Write FORCE/CASE_REF. Nothing was done.")
    last = queries.last_id(connection)
    about = str(asked.case or asked.person or "all")
    detail = {"since": _iso(asked.since), "before": _iso(asked.before), "person": asked.person, "at": _iso(at)}
    audit.record(connection, AuditEntry(Verb.CONSULTATION, "audit", about, "audit export", by=by, detail=detail))
    return last


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _object(row: ExportedRow) -> bytes:
    return json.dumps({**row._asdict(), "at": row.at.isoformat()}, ensure_ascii=False).encode() + b"\n"


def _cells(row: ExportedRow) -> bytes:
    detail = "" if row.detail is None else json.dumps(row.detail, ensure_ascii=False, sort_keys=True)
    return _line(row._replace(at=row.at.isoformat(), detail=detail))  # type: ignore[arg-type]


def _line(cells: tuple[object, ...]) -> bytes:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(
        ["" if cell is None else safe_cell(cell) for cell in cells]
    )
    return out.getvalue().encode()

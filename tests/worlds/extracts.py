"""Extract folders for tests: rows as a source would send them; a test gives only the values that matter to it."""

import csv
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select, text
from sqlalchemy.dialects.postgresql import insert

from config.terms import Agency
from models.intake import Extract, Source
from tasks.intake.files import FILES
from tasks.intake.manifest import Manifest, Mode

TAKEN = datetime(2026, 11, 25, 5, 10, tzinfo=UTC)
AS_OF = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)
Rows = Sequence[Mapping[str, str]]
AT = datetime(2026, 3, 16, 6, tzinfo=UTC)
_EVERY_COLUMN = text("""
    insert into source_columns (source_id, file, name, state, since)
    select s.id, c.file, c.name, 'sent', :since from sources s, unnest(:files, :columns) c(file, name)
    where not exists (select from source_columns known where known.source_id = s.id)
    on conflict do nothing""")
MANIFEST = Manifest("E1", "niche-45", Agency.POLICE, Mode.SNAPSHOT, AT, ("45",), {"cases.csv": 3, "actions.csv": 4})


def a_case(case_ref: str = "C1", **said: str) -> dict[str, str]:
    """A row of cases.csv."""
    return {
        "force_code": "45",
        "case_ref": case_ref,
        "opened_on": "2026-11-02",
        "offence_codes": "PH97006",
        "oic_ref": "P1",
        **said,
    }


def an_action(action_ref: str = "A1", case_ref: str = "C1", **said: str) -> dict[str, str]:
    """A row of actions.csv."""
    return {
        "action_ref": action_ref,
        "force_code": "45",
        "case_ref": case_ref,
        "kind": "WITNESS_STATEMENT",
        "source": "investigation",
        "owner_agency": "police",
        "status": "pending",
        "raised_on": "2026-11-03",
        **said,
    }


def a_contact(contact_ref: str = "P1", **said: str) -> dict[str, str]:
    """A row of contacts.csv."""
    return {
        "contact_ref": contact_ref,
        "agency": "police",
        "name": "Pat Example",
        "email": f"{contact_ref.lower()}@surrey.police.uk",
        "roles": "officer",
        "force_code": "45",
        **said,
    }


def send_every_column(connection: Connection) -> None:
    """Record of every source that its files have every column, for books that are written as rows: all can be seen."""
    every = [(name, column) for name, file in FILES.items() for column in file.names]
    files, columns = zip(*every, strict=True)
    connection.execute(_EVERY_COLUMN, {"files": list(files), "columns": list(columns), "since": TAKEN.date()})


def send_each_month(connection: Connection, year: int, months: int) -> None:
    """Record an extract of every source on the 1st and the 20th of so many months, for books written as rows."""
    for name in connection.execute(select(Source.name).where(Source.agency.is_not(None))).scalars().all():
        for number in range(months):
            for day in (1, 20):
                taken = datetime(year + number // 12, number % 12 + 1, day, 5, 10, tzinfo=UTC)
                made = {"extract_id": f"{name} {taken:%Y-%m-%d}", "content": "", "source_name": name, "counts": {}}
                connection.execute(insert(Extract).values(**made, state="loaded", extracted_at=taken, judged_at=taken))


def table(rows: Rows, header: Sequence[str] = ()) -> list[list[str]]:
    """Rows as a header and cells."""
    names = list(header) or list(dict.fromkeys(name for row in rows for name in row))
    return [names, *([row.get(name, "") for name in names] for row in rows)]


def _header(name: str, rows: Rows, lacking: Sequence[str]) -> list[str]:
    optional = [column.name for column in FILES[name].columns if not column.required] if name in FILES else []
    names = dict.fromkeys([*(name for row in rows for name in row), *optional])
    return [name for name in names if name not in lacking]


def write(
    folder: Path,
    files: Mapping[str, Rows | bytes],
    /,
    *,
    number: int = 1,
    rows: Mapping[str, int] | None = None,
    lacking: Mapping[str, Sequence[str]] | None = None,
    **manifest: Any,
) -> Path:
    """Write an extract folder; a later `number` is a later extract. `rows` overrides what the manifest counts.

    A file has every optional column, so that an empty cell is an answer; `lacking` names those it does not have.
    """
    folder.mkdir(parents=True, exist_ok=True)
    counts: dict[str, int] = {}
    for name, content in files.items():
        if isinstance(content, bytes):
            (folder / name).write_bytes(content)
            counts[name] = content.count(b"\n") - 1
        else:
            with (folder / name).open("w", encoding="utf-8", newline="") as out:
                header = _header(name, content, (lacking or {}).get(name, ()))
                csv.writer(out, lineterminator="\r\n").writerows(table(content, header))
            counts[name] = len(content)
    said = {
        "extract_id": f"{manifest.get('source', 'niche-45')}-{number}",
        "source": "niche-45",
        "agency": "police",
        "mode": "snapshot",
        "extracted_at": (TAKEN + timedelta(minutes=number)).isoformat(),
        "covers": ["45"],
        "files": counts | dict(rows or {}),
        **manifest,
    }
    (folder / "manifest.json").write_text(json.dumps(said), "utf-8")
    return folder

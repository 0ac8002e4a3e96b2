"""Writing of the book as two extract folders: the force's crime system and the Area's case management system."""

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from tasks.demo.diary import ForceBook
from tasks.demo.rows import (
    FORCE,
    AbsenceCsvRow,
    ActionCsvRow,
    CaseCsvRow,
    ContactCsvRow,
    CpsCaseCsvRow,
    IncidentCsvRow,
    OrderCsvRow,
    PleaCsvRow,
    ReferralCsvRow,
    ReviewCsvRow,
    TrainingCsvRow,
)

POLICE, CPS = "niche-45", "cms-se"
SENT_AT = time(4, 10)  # UTC: before six in London, in summer and winter
_SHAPES: dict[str, type[Any]] = {
    "contacts.csv": ContactCsvRow,
    "absences.csv": AbsenceCsvRow,
    "training.csv": TrainingCsvRow,
    "cases.csv": CaseCsvRow,
    "incidents.csv": IncidentCsvRow,
    "actions.csv": ActionCsvRow,
    "reviews.csv": ReviewCsvRow,
    "cps_cases.csv": CpsCaseCsvRow,
    "referrals.csv": ReferralCsvRow,
    "orders.csv": OrderCsvRow,
    "pleas.csv": PleaCsvRow,
}

_KEYS = {"cases.csv": "case_ref", "incidents.csv": "incident_ref"}  # other files: the first column


@dataclass(frozen=True)
class FaultyRow:
    """A row with typing errors: its file and reference, the wrong cells, and the day of their correction."""

    file: str
    ref: str
    cells: dict[str, str]
    right_on: date


def write_extracts(
    book: ForceBook, folder: Path, day: date, faults: Sequence[FaultyRow], *, cps: bool = True
) -> list[Path]:
    """Write the snapshots that arrive in the early morning of `day`. `cps` is false if that source sends nothing."""
    files = list(book.cases.values())
    police: dict[str, Iterable[Any]] = {
        **_of_people(book, "police"),
        "cases.csv": [file.case for file in files],
        "incidents.csv": [row for file in files for row in file.incidents],
        "actions.csv": [row for file in files for row in file.actions if row.owner_agency == "police"],
        "reviews.csv": [row for file in files for row in file.reviews],
        "orders.csv": [row for file in files for row in file.orders],
    }
    written = [_write(folder / f"{POLICE}-{day:%Y%m%d}", "police", police, day, faults)]
    if cps:
        theirs: dict[str, Iterable[Any]] = {
            **_of_people(book, "cps"),
            "cps_cases.csv": [file.cps for file in files if file.cps],
            "actions.csv": [row for file in files for row in file.actions if row.owner_agency == "cps"],
            "referrals.csv": [row for file in files for row in file.referrals],
            "pleas.csv": [row for file in files for row in file.pleas],
        }
        written.append(_write(folder / f"{CPS}-{day:%Y%m%d}", "cps", theirs, day, ()))
    return written


def _of_people(book: ForceBook, agency: str) -> dict[str, Iterable[Any]]:
    mine = {contact.contact_ref for contact in book.people.contacts if contact.agency == agency}
    return {
        "contacts.csv": [row for row in book.people.contacts if row.contact_ref in mine],
        "absences.csv": [row for row in book.people.absences if row.contact_ref in mine],
        "training.csv": [row for row in book.people.training if row.contact_ref in mine],
    }


def _write(into: Path, agency: str, files: dict[str, Iterable[Any]], day: date, faults: Sequence[FaultyRow]) -> Path:
    into.mkdir(parents=True, exist_ok=True)
    counts = {}
    for name, rows in files.items():
        spoiled = {fault.ref: fault.cells for fault in faults if fault.file == name and day < fault.right_on}
        counts[name] = _write_rows(into / name, _SHAPES[name], rows, spoiled)
    manifest = {
        "extract_id": into.name,
        "source": into.name.rpartition("-")[0],
        "agency": agency,
        "mode": "snapshot",
        "extracted_at": datetime.combine(day, SENT_AT, UTC).isoformat(),
        "covers": [FORCE],
        "files": counts,
    }
    (into / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    return into


def _write_rows(path: Path, shape: type[Any], rows: Iterable[Any], spoiled: dict[str, dict[str, str]]) -> int:
    columns = [column.name for column in fields(shape)]
    key = _KEYS.get(path.name, columns[0])
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for count, row in enumerate(rows, 1):  # noqa: B007 - the count outlives the loop
            wrong = spoiled.get(getattr(row, key), {})
            writer.writerow([wrong.get(column, _cell(getattr(row, column))) for column in columns])
    return count


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ";".join(value)
    return value.isoformat() if isinstance(value, date) else str(value)

"""Writing of the book as three extract folders: the force's crime system and each Area's case management system."""

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from tasks.demo.diary import ForceBook
from tasks.demo.people_rows import ContactCsvRow
from tasks.demo.rows import AREA, FORCE, NEXT_AREA, SHAPES, CaseFile

POLICE, CPS, NEXT_CPS = "niche-45", "cms-se", "cms-ls"
_AREAS = {CPS: AREA, NEXT_CPS: NEXT_AREA}
_LACKING = {NEXT_CPS: {"cps_cases.csv": {"charged_codes"}, "referrals.csv": {"checklist_missing"}}}  # columns by file
SENT_AT = time(4, 10)  # UTC: before six in London, in summer and winter
_KEYS = {"cases.csv": "case_ref", "incidents.csv": "incident_ref"}  # other files: the first column


@dataclass(frozen=True)
class FaultyRow:
    """A row with typing errors: its file and reference, the wrong cells, and the day of their correction."""

    file: str
    ref: str
    cells: dict[str, str]
    right_on: date


def write_extracts(
    book: ForceBook, folder: Path, day: date, faults: Sequence[FaultyRow], *, silent: str = ""
) -> list[Path]:
    """Write the snapshots that arrive in the early morning of `day`. The source `silent` sends nothing."""
    files = list(book.cases.values())
    police: dict[str, Iterable[Any]] = {
        **_of_people(book, lambda contact: contact.agency == "police"),
        "cases.csv": [file.case for file in files],
        "incidents.csv": [row for file in files for row in file.incidents],
        "actions.csv": [row for file in files for row in file.actions if row.owner_agency == "police"],
        "reviews.csv": [row for file in files for row in file.reviews],
        "orders.csv": [row for file in files for row in file.orders],
        "suspects.csv": [row for file in files for row in file.suspects()],
    }
    written = [write_extract(folder / f"{POLICE}-{day:%Y%m%d}", "police", police, day, faults)]
    for source, area in _AREAS.items():
        if source != silent:
            theirs = _of_area(book, area, [file for file in files if file.case.cps_area == area])
            written.append(write_extract(folder / f"{source}-{day:%Y%m%d}", "cps", theirs, day, ()))
    return written


def _of_area(book: ForceBook, area: str, files: Sequence[CaseFile]) -> dict[str, Iterable[Any]]:
    return {
        **_of_people(book, lambda contact: contact.cps_area == area),
        "cps_cases.csv": [file.cps for file in files if file.cps],
        "actions.csv": [row for file in files for row in file.actions if row.owner_agency == "cps"],
        "referrals.csv": [row for file in files for row in file.referrals],
        "pleas.csv": [row for file in files for row in file.pleas],
        "defendants.csv": [row for file in files for row in file.defendants()],
    }


def _of_people(book: ForceBook, mine: Callable[[ContactCsvRow], bool]) -> dict[str, Iterable[Any]]:
    contacts = [row for row in book.people.contacts if mine(row)]
    refs = {contact.contact_ref for contact in contacts}
    return {
        "contacts.csv": contacts,
        "absences.csv": [row for row in book.people.absences if row.contact_ref in refs],
        "training.csv": [row for row in book.people.training if row.contact_ref in refs],
    }


def write_extract(
    into: Path,
    agency: str,
    files: dict[str, Iterable[Any]],
    day: date,
    faults: Sequence[FaultyRow],
    *,
    covers: str = FORCE,
) -> Path:
    """Write the snapshot of one source, named for it and its day, and return its folder."""
    into.mkdir(parents=True, exist_ok=True)
    counts, source = {}, into.name.rpartition("-")[0]
    for name, rows in files.items():
        spoiled = {fault.ref: fault.cells for fault in faults if fault.file == name and day < fault.right_on}
        counts[name] = _write_rows(into / name, _columns(source, name), rows, spoiled)
    manifest = {
        "extract_id": into.name,
        "source": source,
        "agency": agency,
        "mode": "snapshot",
        "extracted_at": datetime.combine(day, SENT_AT, UTC).isoformat(),
        "covers": [covers],
        "files": counts,
    }
    (into / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    return into


def _columns(source: str, name: str) -> list[str]:
    lacking = _LACKING.get(source, {}).get(name, ())
    return [column.name for column in fields(SHAPES[name]) if column.name not in lacking]


def _write_rows(path: Path, columns: Sequence[str], rows: Iterable[Any], spoiled: dict[str, dict[str, str]]) -> int:
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

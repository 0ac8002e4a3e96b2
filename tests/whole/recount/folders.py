"""Extract folders as a reader of CSV files finds them: whose each is, of which day, and the rows of each file."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.whole.reading.sheets import COLUMNS, Key, Row, Sheet
from tests.whole.reading.store import root_of

LONDON = ZoneInfo("Europe/London")
YES = {"yes", "y", "true", "1"}
FLAGS = {"breach", "police_attended", "cps_attended", "restricted", "restricted_access"}
UNKNOWN_FLAGS = {"in_custody"}  # empty is not no

LISTS = {"offence_codes", "charged_codes", "checklist_missing", "roles", "barred_refs"}
KEYS = {
    "contacts": ("contact_ref",),
    "absences": ("contact_ref", "from_on", "to_on"),
    "training": ("contact_ref", "course", "completed_on"),
    "cases": ("force_code", "case_ref"),
    "suspects": ("suspect_ref",),
    "defendants": ("defendant_ref",),
    "incidents": ("incident_ref",),
    "actions": ("action_ref",),
    "reviews": ("review_ref",),
    "referrals": ("referral_ref",),
    "orders": ("order_ref",),
    "pleas": ("plea_ref",),
}


@dataclass(frozen=True)
class Extract:
    """One extract folder: its source, and its files."""

    name: str
    agency: str
    covers: list[str]
    mode: str
    day: date
    files: dict[str, Sheet]


def read_extract(folder: Path) -> Extract:
    """Read a folder; its day is that of London on which it was taken."""
    told = json.loads((folder / "manifest.json").read_text("utf-8"))
    day = datetime.fromisoformat(told["extracted_at"]).astimezone(LONDON).date()
    files = {name.removesuffix(".csv"): _sheet(folder / name) for name in told["files"]}
    return Extract(told["source"], told["agency"], told["covers"], told["mode"], day, files)


def read_all(drop: Path) -> list[Extract]:
    """Read every folder of a drop folder, oldest first, police before CPS."""
    found = [read_extract(manifest.parent) for manifest in drop.glob("*/manifest.json")]
    return sorted(found, key=lambda extract: (extract.day, extract.agency != "police", extract.name))


def _sheet(path: Path) -> Sheet:
    name = path.stem
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.DictReader(file)
        columns = tuple(column for column in lines.fieldnames or () if column in COLUMNS[name])
        rows = []
        for line in lines:
            row: Row = dict.fromkeys(COLUMNS[name]) | {column: _value(name, column, line[column]) for column in columns}
            rows.append((_key(name, row), row, (line.get("withdrawn") or "").strip().lower() in YES))
    return Sheet(columns, rows)


def _key(name: str, row: Row) -> Key:
    if name == "cps_cases":
        return (root_of(row["urn"]) or "",) if row["urn"] else (row["force_code"], row["case_ref"])
    return tuple(str(row[column]) for column in KEYS[name])


def _value(name: str, column: str, cell: str) -> Any:
    cell = cell.strip()
    if column in LISTS or (name == "contacts" and column in {"force_code", "cps_area"}):
        return [part for part in cell.replace(",", ";").replace("|", ";").replace(" ;", ";").split(";") if part.strip()]
    if not cell:
        return False if column in FLAGS else None
    if column in FLAGS | UNKNOWN_FLAGS:
        return cell.lower() in YES
    if column.endswith(("_on", "_required_by")) or column in {"active_from", "active_to"}:
        return date.fromisoformat(cell) if "-" in cell else datetime.strptime(cell, "%d/%m/%Y").date()  # noqa: DTZ007
    return int(cell) if column == "victim_contact_days" else cell

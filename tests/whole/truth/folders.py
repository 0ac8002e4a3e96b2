"""Extract folders as their sources wrote them: each file's rows that have no problem, as values."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from tests.whole.reading.sheets import COLUMNS, Key, Row, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

KEYS = {  # of each file: the columns that name a row
    "contacts": "contact_ref", "absences": "contact_ref from_on to_on", "training": "contact_ref course completed_on",
    "cases": "force_code case_ref", "incidents": "incident_ref", "actions": "action_ref", "reviews": "review_ref",
    "cps_cases": "urn force_code case_ref", "referrals": "referral_ref", "orders": "order_ref", "pleas": "plea_ref",
    "suspects": "suspect_ref", "defendants": "defendant_ref",
}  # fmt: skip
LISTS = {"roles", "offence_codes", "barred_refs", "charged_codes", "checklist_missing"}
PLACES = {"force_code", "cps_area"}  # lists, in contacts.csv
ANSWERS = {"restricted", "restricted_access", "breach", "police_attended", "cps_attended", "in_custody"}
NUMBERS = {"victim_contact_days"}
DAYS = {"decision_required_by", "active_from", "active_to"}  # and each column that ends so
TO_COME = {"due_on", "bail_ends_on", "ctl_expires_on", "expires_on", "next_hearing_on", "from_on", "to_on", *DAYS}
ONE_OF = {
    "risk": {"high", "medium", "standard"},
    "status": {"pending", "waiting_third_party", "done", "cancelled", "not_possible"},
    "suspect_status": {"not_identified", "at_large", "wanted", "voluntary", "rui", "bail", "custody"},
}
ONE_OF_A_FILE = {("actions", "source"): {"investigation", "action_plan", "joint_review"}}
NEVER_EMPTY = {"actions": {"raised_on"}, "cases": {"opened_on"}, "incidents": {"occurred_on"}}
MAILBOX = re.compile(r".+@(?:.+\.)?(?:police\.uk|cps\.gov\.uk|cjsm\.net)")


@dataclass(frozen=True)
class Sent:
    """One extract: its source, whose it is, the forces that it covers, its day and its files."""

    name: str
    agency: str
    covers: list[str]
    mode: str
    day: date
    files: dict[str, Sheet]


def sent(folders: Iterable[Path]) -> list[Sent]:
    """Read extract folders, police before CPS."""
    return sorted(map(_sent, folders), key=lambda extract: (extract.agency == "cps", extract.name))


def _sent(folder: Path) -> Sent:
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    day = datetime.fromisoformat(manifest["extracted_at"]).date()
    names = [name.removesuffix(".csv") for name in manifest["files"]]
    files = {name: _sheet(folder / f"{name}.csv", name, day) for name in names}
    return Sent(manifest["source"], manifest["agency"], manifest["covers"], manifest["mode"], day, files)


def _sheet(path: Path, name: str, day: date) -> Sheet:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        columns = tuple(column for column in reader.fieldnames or () if column in COLUMNS[name])
        return Sheet(columns, list(_rows(reader, name, day)))


def _rows(reader: Iterable[dict[str, str]], name: str, day: date) -> Iterator[tuple[Key, Row, bool]]:
    for cells in reader:
        try:
            row = dict.fromkeys(COLUMNS[name]) | {
                column: _value(name, column, cell.strip(), day)
                for column, cell in cells.items()
                if column in COLUMNS[name]
            }
        except ValueError:
            continue
        key = tuple(str(row[column]) for column in KEYS[name].split())
        yield key, row, False


def _value(name: str, column: str, cell: str, day: date) -> Any:
    """Give what a cell says. Raises ValueError where it is a problem of the row."""
    allowed = ONE_OF.get(column) or ONE_OF_A_FILE.get((name, column))
    if allowed and cell and cell.lower() not in allowed:
        raise ValueError(cell)
    if column == "email" and not MAILBOX.fullmatch(cell):
        raise ValueError(cell)
    if column in LISTS or (name == "contacts" and column in PLACES):
        return [each for each in cell.split(";") if each]
    if column in ANSWERS:
        return cell.lower() in ("yes", "y", "true", "1") if cell else None
    if column in NUMBERS:
        return int(cell) if cell else None
    if column.endswith("_on") or column in DAYS:
        return _day(name, column, cell, day)
    return cell or None


def _day(name: str, column: str, cell: str, day: date) -> date | None:
    if not cell and column in NEVER_EMPTY.get(name, ()):
        raise ValueError(column)
    found = date.fromisoformat(cell) if cell else None
    if found and found > day and column not in TO_COME:
        raise ValueError(cell)
    return found

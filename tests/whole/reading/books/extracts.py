"""Write extract folders as a source would (specification 2): a snapshot of everything, or a delta."""

from __future__ import annotations

import csv
import json
import random
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from tests.whole.reading.sheets import COLUMNS, OPTIONAL, Key, Row, Sheet

YES = ("yes", "Y", "true", "1", "Yes")
NO = ("no", "N", "false", "0", "No")


# drawn apart from the rest (leaders.py, keys.py), and sent with it: the rest is as it would be without
APART = ("spoc_ref", "suspect_key", "victim_key", "slack_user_id")


NEVER_LEFT_OUT = ("cases", "suspects", "defendants")


@dataclass
class Source:
    """One source system: its present rows, the cells of its last extract, and what its files cannot tell."""

    name: str
    agency: str
    covers: list[str]
    held: dict[str, dict[Key, Row]] = field(default_factory=dict)
    sent: dict[str, dict[Key, Row]] = field(default_factory=dict)
    gone: list[tuple[str, Key, Row]] = field(default_factory=list)
    lacks: dict[str, set[str]] = field(default_factory=dict)  # by file: columns that it does not have
    silent: set[str] = field(default_factory=set)  # files that it never sends
    headers: dict[str, set[str]] = field(default_factory=dict)  # by file: the columns it is known to have

    def put(self, name: str, key: Key, row: Row) -> None:
        self.held.setdefault(name, {})[key] = row

    def drop(self, name: str, key: Key) -> None:
        self.gone.append((name, key, self.held[name].pop(key)))

    def columns(self, name: str) -> tuple[str, ...]:
        """Give the columns that a file now has."""
        return tuple(column for column in COLUMNS[name] if column not in self.lacks.get(name, ()))

    def fewer(self, files: dict[str, Sheet]) -> bool:
        """Return whether a snapshot lacks a column that its predecessors had."""
        return any(self.headers.get(name, set()) - set(sheet.columns) for name, sheet in files.items())

    def snapshot(self, rng: random.Random) -> dict[str, Sheet]:
        """Give every row of (nearly) every file."""
        files = {}
        for name, rows in self.held.items():
            left_out = self.headers and name not in NEVER_LEFT_OUT and rng.random() < 0.05
            if name in self.silent or left_out:
                continue  # a file left out changes none of its rows
            files[name] = Sheet(self.columns(name), [(key, dict(row), False) for key, row in rows.items()])
            self.sent[name] = {key: dict(row) for key, row in rows.items()}
        return files

    def delta(self, rng: random.Random) -> dict[str, Sheet]:
        """Give only the changes, deleted rows marked as withdrawn, some rows repeated, some columns left out."""
        files = {}
        for name, rows in self.held.items():
            columns = [column for column in self.columns(name) if not self._left_out(name, column, rng)]
            before = self.sent.setdefault(name, {})
            changed = [
                (key, dict(row), False)
                for key, row in rows.items()
                if key not in before or _differ(row, before[key], columns) or rng.random() < 0.05
            ]
            gone = [(key, row) for key, row in before.items() if key not in rows]
            changed += [(key, {column: row.get(column) for column in COLUMNS[name]}, True) for key, row in gone]
            if not changed or name in self.silent:
                continue
            files[name] = Sheet(tuple(columns), changed)
            for key, row, withdrawn in changed:
                if withdrawn:
                    del before[key]
                else:
                    before[key] = before.get(key, {}) | {column: row[column] for column in columns}
        return files

    @staticmethod
    def _left_out(name: str, column: str, rng: random.Random) -> bool:
        apart = column in OPTIONAL.get(name, "").split() and not column.startswith("decision")
        return apart and rng.random() < 0.08

    def told(self, mode: str, files: dict[str, Sheet]) -> None:
        """Note the columns of an extract that was loaded."""
        for name, sheet in files.items():
            kept = set() if mode == "snapshot" else self.headers.get(name, set())
            self.headers[name] = kept | set(sheet.columns)


def _differ(row: Row, before: Row, columns: list[str]) -> bool:
    return any(row[column] != before.get(column) for column in columns if column not in APART)


def _cell(value: Any, rng: random.Random) -> str:
    if value is None:
        return ""
    if value is True or value is False:
        return rng.choice(YES if value else NO)
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y") if rng.random() < 0.3 else value.isoformat()
    if isinstance(value, list):
        return ";".join(value)
    return f" {value} " if rng.random() < 0.03 else str(value)


def _sent(value: Any, column: str, rng: random.Random) -> str:
    """Write a cell; a list of who is barred with one of the signs that may be between references."""
    if column in APART:
        return value or ""
    cell = _cell(value, rng)
    return cell.replace(";", (";", ", ", "|", " ")[len(cell) % 4]) if column == "barred_refs" else cell


def write(
    folder: Path,
    source: Source,
    mode: str,
    day: date,
    files: dict[str, Sheet],
    *,
    rng: random.Random,
) -> None:
    """Write one extract folder, the manifest last."""
    folder.mkdir(parents=True)
    for name, sheet in files.items():
        others = [column for column in sheet.columns if column not in APART]
        columns = rng.sample(others, len(others)) + [column for column in APART if column in sheet.columns]
        bom = "utf-8-sig" if rng.random() < 0.2 else "utf-8"
        with (folder / f"{name}.csv").open("w", encoding=bom, newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns + (["withdrawn"] if mode == "delta" else []))
            for _, row, withdrawn in sheet.rows:
                cells = [_sent(row.get(column), column, rng) for column in columns]
                writer.writerow(cells + ([rng.choice(YES if withdrawn else NO)] if mode == "delta" else []))
    manifest = {
        "extract_id": folder.name,
        "source": source.name,
        "agency": source.agency,
        "mode": mode,
        "extracted_at": f"{day.isoformat()}T05:10:00+00:00",
        "covers": source.covers,
        "files": {f"{name}.csv": len(sheet.rows) for name, sheet in files.items()},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    source.told(mode, files)

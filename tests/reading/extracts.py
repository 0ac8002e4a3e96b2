"""Write extract folders as a source would (specification 2): a snapshot of everything, or a delta."""

from __future__ import annotations

import csv
import json
import random
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from tests.reading.facts import Key, Row

YES = ("yes", "Y", "true", "1", "Yes")
NO = ("no", "N", "false", "0", "No")


@dataclass
class Source:
    """One source system: its present rows, and the rows of its last extract."""

    name: str
    agency: str
    covers: list[str]
    held: dict[str, dict[Key, Row]] = field(default_factory=dict)
    sent: dict[str, dict[Key, Row]] = field(default_factory=dict)
    gone: list[tuple[str, Key, Row]] = field(default_factory=list)
    columns: dict[str, list[str]] = field(default_factory=dict)

    def put(self, name: str, key: Key, row: Row) -> None:
        self.columns[name] = list(row)
        self.held.setdefault(name, {})[key] = row

    def drop(self, name: str, key: Key) -> None:
        self.gone.append((name, key, self.held[name].pop(key)))

    def snapshot(self, rng: random.Random) -> dict[str, list[tuple[Key, Row, bool]]]:
        """Give every row of (nearly) every file."""
        files = {}
        for name, rows in self.held.items():
            if self.sent and name != "cases" and rng.random() < 0.05:
                continue  # a file left out changes none of its rows
            if not rows and not self.sent.get(name):
                continue
            files[name] = [(key, row, False) for key, row in rows.items()]
            self.sent[name] = {key: dict(row) for key, row in rows.items()}
        return files

    def delta(self, rng: random.Random) -> dict[str, list[tuple[Key, Row, bool]]]:
        """Give only the changes, deleted rows marked as withdrawn, and some rows repeated."""
        files = {}
        for name, rows in self.held.items():
            before = self.sent.get(name, {})
            changed = [(key, row, False) for key, row in rows.items() if row != before.get(key) or rng.random() < 0.05]
            changed += [(key, row, True) for key, row in before.items() if key not in rows]
            if changed:
                files[name] = changed
            self.sent[name] = {key: dict(row) for key, row in rows.items()}
        return files


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


def write(
    folder: Path,
    source: Source,
    mode: str,
    day: date,
    files: dict[str, list[tuple[Key, Row, bool]]],
    *,
    rng: random.Random,
) -> None:
    """Write one extract folder, the manifest last."""
    folder.mkdir(parents=True)
    for name, rows in files.items():
        columns = rng.sample(source.columns[name], len(source.columns[name]))
        bom = "utf-8-sig" if rng.random() < 0.2 else "utf-8"
        with (folder / f"{name}.csv").open("w", encoding=bom, newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns + (["withdrawn"] if mode == "delta" else []))
            for _, row, withdrawn in rows:
                cells = [_cell(row.get(column), rng) for column in columns]
                writer.writerow(cells + ([rng.choice(YES if withdrawn else NO)] if mode == "delta" else []))
    manifest = {
        "extract_id": folder.name,
        "source": source.name,
        "agency": source.agency,
        "mode": mode,
        "extracted_at": f"{day.isoformat()}T05:10:00+00:00",
        "covers": source.covers,
        "files": {f"{name}.csv": len(rows) for name, rows in files.items()},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")

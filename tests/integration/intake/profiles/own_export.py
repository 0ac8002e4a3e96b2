"""A source's own export in a test: its files, its profile, and the folders that the settings name."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

AT = datetime(2026, 11, 24, 5, tzinfo=UTC)
PROFILE = """
agency: police
covers: [45]
complete_when: export.done
days: DD/MM/YYYY
codes:
  risk: {V High: high, M: medium}
files:
  - read: crimes.csv
    separator: pipe
    leave_out: [{column: Crime No, begins: "("}, {column: Status, is: deleted}]
    makes:
      - rows_of: cases.csv
        one_row_for: Crime No
        columns:
          force_code: {always: 45}
          case_ref: Crime No
          opened_on: {from: Created, take: first}
          offence_codes: {from: Offence, split_at: " - ", part: 1, list_at: ";", take: all}
          oic_ref: {from: OIC, split_at: " ", part: -1}
          risk: {from: Risk, codes: risk}
          suspect_key: {from: Suspect, key: yes}
      - rows_of: incidents.csv
        columns:
          force_code: {always: 45}
          case_ref: Crime No
          incident_ref: {from: [Crime No, Created], joined: "/"}
          occurred_on: Created
"""
CRIMES = [
    "Crime No|Created|Offence|OIC|Risk|Status|Suspect|Notes",
    "C1|01/11/2026|PH97010 - Stalking|PC Jones 1234|V High|Open|SMITH John 1990|any text",
    "C1|05/11/2026|PH97006 - Harassment|PC Jones 1234||Open|smith  john 1990|any text",
    "C2|03/11/2026|PH97010 - Stalking|DC Ray 99|M|Open||",
    "C3|03/11/2026|PH97010 - Stalking|DC Ray 99|M|Deleted||",
    "(4 rows affected)",
]


class OwnExport:
    """The drop folder of a source, its profile, and the database."""

    def __init__(self, engine: Engine, path: Path, source: str = "crimes-45") -> None:
        self.engine, self.source = engine, source
        self.drop, self.profiles = path / "drop", path / "sources"
        self.folder = self.drop / source
        for each in (self.folder, self.profiles):
            each.mkdir(parents=True, exist_ok=True)

    def describes(self, profile: str = PROFILE) -> "OwnExport":
        (self.profiles / f"{self.source}.yaml").write_text(profile, "utf-8")
        return self

    def sends(self, files: Mapping[str, list[str] | bytes], at: datetime = AT, done: str = "export.done") -> Path:
        for name, content in files.items():
            whole = content if isinstance(content, bytes) else "\r\n".join([*content, ""]).encode()
            (self.folder / name).write_bytes(whole)
            os.utime(self.folder / name, (at.timestamp(), at.timestamp()))
        (self.folder / done).touch()
        return self.folder

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]


@pytest.fixture
def own(database: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OwnExport:
    monkeypatch.setenv("CASEBEAT_SOURCES", str(tmp_path / "sources"))
    monkeypatch.setenv("CASEBEAT_DROP", str(tmp_path / "drop"))
    return OwnExport(database, tmp_path)

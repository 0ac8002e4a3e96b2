"""A spreadsheet that takes its reader's memory or time is refused, and the good extract beside it is loaded."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, text

from tests.integration.intake.profiles.own_export import OwnExport
from tests.worlds.extracts import a_case, write
from tests.worlds.workbooks import book, hostile, of_parts

PROFILE = """
agency: police
covers: [45]
complete_when: export.done
files:
  - read: tracker.xlsx
    makes:
      - rows_of: cases.csv
        columns:
          force_code: {always: 45}
          case_ref: Crime
          opened_on: Opened
          offence_codes: Offence
          oic_ref: OIC
"""
KEPT = {1: {"A": "Crime", "B": "Opened", "C": "Offence", "D": "OIC"}, 2: {"A": "C7", "B": (1, 46346), "C": "PH97010",
        "D": "P1"}}  # fmt: skip


@pytest.fixture
def own(database: Engine, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> OwnExport:
    monkeypatch.setenv("CASEBEAT_SOURCES", str(tmp_path / "sources"))
    return OwnExport(database, tmp_path, "tracker-45").describes(PROFILE)


@pytest.mark.parametrize("name", ["a cell far away in single quotes", "one long text in every cell"])
def test_the_good_extract_beside_it_is_loaded(own: OwnExport, run_cli: Callable[..., Any], name: str) -> None:
    folder = own.sends({"tracker.xlsx": of_parts(own.drop / "x.xlsx", hostile()[name]).read_bytes()})
    write(own.drop / "good", {"cases.csv": [a_case()]}, source="other-45")
    ran = run_cli("intake", str(own.drop))
    assert ran.code == 2
    (refused,) = (line for line in ran.out.splitlines() if line.startswith("tracker-45"))
    assert "refused: tracker.xlsx " in refused
    assert refused.endswith("save its sheet as CSV.")
    assert own.rows("select case_ref from cases") == [("C1",)]
    own.sends({"tracker.xlsx": book(folder / "tracker.xlsx", KEPT).read_bytes()})
    assert run_cli("intake", str(own.drop)).code == 0
    with own.engine.connect() as connection:
        assert set(connection.scalars(text("select case_ref from cases"))) == {"C1", "C7"}

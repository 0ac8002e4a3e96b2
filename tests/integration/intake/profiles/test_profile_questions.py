"""Open questions of a profile: asked at a terminal, told by the check, and left out until somebody has answered."""

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.house.source import ROOT
from tests.integration.intake.profiles.own_export import CRIMES, PROFILE, OwnExport, own

__all__ = ["own"]
ASKED = PROFILE.replace("          risk: {from: Risk, codes: risk}\n", "").replace(
    "        one_row_for: Crime No\n", "        one_row_for: Crime No\n        ask: {risk: [Risk, Risk Grade]}\n"
)
QUESTION = "risk is an open question: Risk or Risk Grade; until one of them stands under columns, it is left out"


def test_the_check_names_an_open_question_and_its_column_cannot_be_seen(
    own: OwnExport, run_cli: Callable[..., Any]
) -> None:
    ran = run_cli("intake", "--check", str(own.describes(ASKED).sends({"crimes.csv": CRIMES})))
    assert f"    {QUESTION}\n" in ran.out
    assert "would be loaded" in ran.out
    assert "risk " not in ran.out.partition("What could be seen")[0].replace(QUESTION, "")


def test_a_case_without_a_column_that_is_asked_is_refused_by_the_question(
    own: OwnExport, run_cli: Callable[..., Any]
) -> None:
    made = "          opened_on: {from: Created, take: first}\n"
    asked = PROFILE.replace(made, "").replace(
        "        columns:", "        ask: {opened_on: [Created, Offence]}\n        columns:", 1
    )
    ran = run_cli("intake", "--check", str(own.describes(asked).sends({"crimes.csv": CRIMES})))
    assert ran.code == 2
    assert "opened_on is an open question: Created or Offence. Put one of them under columns." in ran.out + ran.err


def test_somebody_at_a_terminal_is_asked_with_shapes_and_a_number_answers(tmp_path: Path) -> None:
    folder = tmp_path / "crimes-45"
    folder.mkdir()
    lines = [
        "Crime No,Recorded,Reported,Offence",
        "45/1,01/11/2026,02/11/2026,PH97010",
        "45/2,02/11/2026,04/11/2026,PH97010",
    ]
    (folder / "crimes.csv").write_text("\n".join([*lines, ""]), "utf-8")
    to = tmp_path / "crimes-45.yaml"
    shown = at_a_terminal("profile", str(folder), "--to", str(to), says="9\n2\n")
    assert "crimes.csv: which column is opened_on of cases.csv?" in shown
    assert "  2  Reported: 2 of 2 filled, 2 different: 99/99/9999" in shown
    assert "Write a number from 0 to 2." in shown
    assert "          opened_on: Reported " in to.read_text("utf-8")


def at_a_terminal(*arguments: str, says: str) -> str:
    """Run the command at a terminal of its own, and return what it shows."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "flows.command_line.main", *arguments]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT) as process:
        os.close(theirs)
        os.write(ours, says.encode())
        shown = b""
        try:
            while block := os.read(ours, 4096):
                shown += block
        except OSError:  # the terminal's other end is closed
            pass
        process.wait(timeout=60)
    os.close(ours)
    return shown.decode().replace("\r\n", "\n")

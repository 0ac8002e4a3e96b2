"""The progress of an intake: a bar on a terminal, and no output where there is none."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.worlds.extracts import a_case, an_action, write

ROOT = Path(__file__).parents[3]
MANY = 60_000  # actions


@pytest.fixture
def command(database: Engine, tmp_path: Path) -> list[str]:
    actions = [an_action(f"A{n}") for n in range(MANY)]
    folder = write(tmp_path / "x", {"cases.csv": [a_case()], "actions.csv": actions})
    return [sys.executable, "-c", "from flows.command_line.main import main; main()", "intake", str(folder)]


def test_on_a_terminal_a_bar_moves_from_file_to_file(command: list[str]) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "TERM": "xterm"}, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs
    ) as begun:
        os.close(theirs)
        seen = everything_of(ours)
        assert begun.stdout is not None
        out = begun.stdout.read().decode()
    os.close(ours)
    assert begun.returncode == 0
    places = [int(done) for done in re.findall(rf"actions\.csv[^\r\n]*?(\d+)/{MANY}", seen)]
    assert len(set(places)) > 1, "it moves; how often it is drawn is the machine's affair"
    assert places == sorted(places)
    assert 0 < places[-1] <= MANY
    assert "\x1b" not in out
    assert out.startswith("niche-45-1: loaded\n")


def everything_of(terminal: int) -> str:
    """Everything that is written to a terminal until its other end is closed."""
    found = b""
    while True:
        try:
            block = os.read(terminal, 1 << 16)
        except OSError:  # Linux's end of a terminal
            return found.decode()
        found += block


def test_without_a_terminal_there_is_no_bar(command: list[str]) -> None:
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("niche-45-1: loaded\n")
    assert "\x1b" not in ran.stdout

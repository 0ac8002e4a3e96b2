"""An older version of Casebeat beside this one: its tree from the repository's history, run by this environment."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.support.ran import ROOT, Ran

_PROGRAM = "from flows.command_line.main import main; main()"


class Version:
    """The commands of one version, on a data directory with the embedded database."""

    def __init__(self, tree: Path) -> None:
        self.tree = tree

    def casebeat(self, home: Path, *arguments: str) -> Ran:
        """Run a command of this version."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CASEBEAT_")}
        told = {"CASEBEAT_HOME": str(home), "CASEBEAT_CLOCK": "virtual", "PYTHONPATH": str(self.tree)}
        ran = subprocess.run(
            [sys.executable, "-c", _PROGRAM, *arguments],
            cwd=self.tree, env=kept | told, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        return Ran(ran.returncode, ran.stdout, ran.stderr)


THIS = Version(ROOT)


def before_migration(revision: str, folder: Path) -> Version:
    """Return the last version before a migration came, in a new folder. Skips where the history does not reach."""
    commit = _before(revision)
    if commit is None:
        pytest.skip("the history of git up to an older version is not here")
    folder.mkdir()
    tree = subprocess.run(["git", "archive", commit], cwd=ROOT, stdout=subprocess.PIPE, check=True)
    subprocess.run(["tar", "--extract"], cwd=folder, input=tree.stdout, check=True)
    return Version(folder)


@cache
def _before(revision: str) -> str | None:
    came = ("git", "log", "--diff-filter=A", "--format=%H", "--", f"models/migrations/versions/{revision}_*.py")
    commits = _asked(*came).split()
    return _asked("git", "rev-parse", "--verify", "--quiet", f"{commits[-1]}^").strip() or None if commits else None


def _asked(*command: str) -> str:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout

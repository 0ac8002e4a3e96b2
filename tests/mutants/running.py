"""Running the tests against one mutant, in a copy of the tree that nothing else uses."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from functools import cache
from importlib.util import cache_from_source
from pathlib import Path
from typing import NamedTuple

from tests.mutants.mutant import Mutant

FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+?::.*?|\S+)(?: - .*)?$", re.MULTILINE)
OPTIONS = ("-x", "-q", "--no-header", "--tb=no", "-o", "timeout=90", "-p", "no:cacheprovider")
NOTHING_RAN = 5  # pytest's exit code
ONE_BOOK = {"READING_SEEDS": "5", "READING_NIGHTS": "8"}  # of the reading, as the last stage of tests


class Result(NamedTuple):
    """The fate of a mutant, and its seconds: killed by a test, alive, or undecided when its time was up."""

    outcome: str
    by: str
    seconds: float


class Tree:
    """A copy of the working tree, in which one file at a time is another."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.root, self.copy = root, folder
        listed = subprocess.run(
            ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=root, capture_output=True, check=True
        ).stdout.decode()
        for name in listed.split("\0"):
            if name and (root / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(root / name, folder / name)
        self.passes = cache(self._passes)
        self.aside: list[str] = []  # the tests that fail on the tree as it is

    def judge(self, mutant: Mutant, stages: Sequence[Sequence[str]], limit: float) -> Result:
        """Run the stages until a test fails that passes on the tree as it is."""
        began = time.monotonic()
        for stage in stages:
            failed = self._failing(mutant, stage, began + limit)
            if failed == "time":
                return Result("undecided", "", time.monotonic() - began)
            if failed:
                return Result("killed", failed, time.monotonic() - began)
        return Result("alive", "", time.monotonic() - began)

    def _failing(self, mutant: Mutant, stage: Sequence[str], ends: float) -> str:
        """The first test of a stage that fails by the mutant; nothing where none does, `time` when that is up."""
        failed = self._run_mutated(mutant, stage, ends)
        while failed not in {"", "time"} and not self.passes(failed):
            if "::" not in failed:
                return ""
            self.aside.append(failed)
            failed = self._run_mutated(mutant, stage, ends)
        return failed

    def _run_mutated(self, mutant: Mutant, stage: Sequence[str], ends: float) -> str:
        path, left = self.copy / mutant.path, ends - time.monotonic()
        text = path.read_text("utf-8")
        self._write(path, mutant.applied(text))
        try:
            return self._run(stage, left) if left > 0 else "time"
        finally:
            self._write(path, text)

    def _write(self, path: Path, text: str) -> None:
        path.write_text(text, "utf-8")
        Path(cache_from_source(str(path))).unlink(missing_ok=True)

    def _passes(self, test: str) -> bool:
        """Return whether a test passes on the tree as it is: what fails anyway kills nothing."""
        return not self._run([test], 600)

    def _run(self, tests: Sequence[str], limit: float) -> str:
        """The first test that fails; nothing where none does."""
        aside = [f"--deselect={test}" for test in self.aside]
        command = [sys.executable, "-m", "pytest", *OPTIONS, *aside, *tests]
        environment = {**os.environ, "PYTHONPATH": str(self.copy), **ONE_BOOK}
        with subprocess.Popen(
            command, cwd=self.copy, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as running:  # fmt: skip
            try:
                out, _ = running.communicate(timeout=limit)
            except subprocess.TimeoutExpired:
                os.killpg(running.pid, signal.SIGINT)  # so that pytest stops the databases it started
                try:
                    running.communicate(timeout=30)
                except subprocess.TimeoutExpired:
                    os.killpg(running.pid, signal.SIGKILL)
                return "time"
        if running.returncode in {0, NOTHING_RAN}:
            return ""
        found = FAILED.search(out)
        return found[1] if found else tests[0]

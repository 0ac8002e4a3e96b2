"""Programs of a test in a Python that has imported Casebeat already: each is forked from it, and ends as any process.

A process that reports to Prefect needs two and a half seconds of a core for its imports alone. Prefect reads its
settings while it is imported, so that each set of them has such a Python of its own, started under that set.
"""

import atexit
import gc
import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Timer
from typing import Any

ROOT = Path(__file__).parents[2]
PLAIN = [f"flows.command_line.{name}" for name in ("intake", "run", "outbox", "lists.case", "lists.obligations")]
FLOWS = sorted(f"flows.{path.stem}" for path in (ROOT / "flows").glob("[a-z]*.py"))
MOST = 3  # are kept, of two hundred megabytes each
_kept: dict[frozenset[tuple[str, str]], "Preloaded"] = {}


class Preloaded:
    """A Python that has imported modules, and forks for one program after another."""

    def __init__(self, modules: Sequence[str], env: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.preloaded", *modules], cwd=ROOT, env=dict(env), text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip

    def run(self, call: Mapping[str, Any], within: float) -> int:
        """Run a program to its end, or kill it after so many seconds; its exit code, negative after a signal."""
        self._process.stdin.write(f"{json.dumps(call)}\n")
        self._process.stdin.flush()
        late = Timer(within, os.kill, (int(self._process.stdout.readline()), signal.SIGKILL))
        late.start()
        try:
            return int(self._process.stdout.readline())
        finally:
            late.cancel()

    def end(self) -> None:
        with self._process:
            self._process.stdin.close()


def run(program: str, *arguments: str, env: Mapping[str, str], within: float = 240) -> subprocess.CompletedProcess[str]:
    """Run `python -c program arguments` under this environment, but for the time of its imports."""
    with tempfile.TemporaryDirectory(prefix="casebeat-output-") as folder:
        out, err = Path(folder) / "out", Path(folder) / "err"
        call = {"program": program, "arguments": arguments, "env": dict(env), "out": str(out), "err": str(err)}
        code = _of(env).run(call, within)
        return subprocess.CompletedProcess(arguments, code, out.read_text("utf-8"), err.read_text("utf-8"))


def _of(env: Mapping[str, str]) -> Preloaded:
    theirs = frozenset((name, value) for name, value in env.items() if name.startswith("PREFECT_"))
    if len(_kept) == MOST and theirs not in _kept:
        _kept.pop(next(iter(_kept))).end()  # the one that was used least lately
    _kept[theirs] = _kept.pop(theirs, None) or Preloaded([*PLAIN, *FLOWS] if theirs else PLAIN, _of_no_book(env))
    return _kept[theirs]


def _of_no_book(env: Mapping[str, str]) -> dict[str, str]:
    """Return an environment that names no data directory: a test looks for processes that are left in its own."""
    return {name: value for name, value in env.items() if not name.startswith("CASEBEAT_")}


@atexit.register
def _end_all() -> None:
    while _kept:
        _kept.popitem()[1].end()


def main() -> None:
    """Import the modules, then fork for each line of the standard input. The fork becomes what the line says."""
    for name in sys.argv[1:]:
        importlib.import_module(name)
    gc.freeze()
    gc.set_threshold(20_000)  # as in tests/conftest.py
    while line := sys.stdin.readline():
        if not (pid := os.fork()):
            _become(json.loads(line))
            return
        print(pid, flush=True)  # noqa: T201
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)  # noqa: T201


def _become(call: dict[str, Any]) -> None:
    for number, path in enumerate((os.devnull, call["out"], call["err"])):
        opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    os.environ.clear()
    os.environ.update(call["env"])
    sys.argv = ["-c", *call["arguments"]]
    exec(compile(call["program"], "<string>", "exec"), {"__name__": "__main__"})  # noqa: S102


if __name__ == "__main__":
    main()

"""A child process, ended by SIGTERM when the caller ends: in a session of its own without the caller's pipes, or not.

The thread that starts a child has to be the main one: its end would end the child.
"""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager, nullcontext
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from tasks.platform.home import keep_private

_END_WITH_PARENT = 1  # PR_SET_PDEATHSIG
GRACE = 15.0  # seconds between SIGTERM and SIGKILL
_PROGRAM = """\
import ctypes, os, signal, sys
parent = int(sys.argv[1])
ctypes.CDLL(None).prctl(1, signal.SIGTERM)
if os.getppid() != parent:
    sys.exit(1)
signal.signal(signal.SIGINT, signal.default_int_handler)
os.execv(sys.executable, [sys.executable, "-m", *sys.argv[2:]])
"""  # PR_SET_PDEATHSIG is 1; a worker that ignores SIGINT would survive SIGTERM


def log_of(home: Path, name: str) -> Path:
    """Return the file that takes the output of a child."""
    return home.expanduser().resolve() / "prefect" / f"{name}.log"


def start(
    home: Path, name: str, arguments: Sequence[str], variables: Mapping[str, str], *, to_file: bool = True
) -> subprocess.Popen[bytes]:
    """Start a Python module with its arguments, from the main thread: the thread's end would end the child.

    Its output goes to its log, or to that of this process.
    """
    log = log_of(home, name)
    keep_private(log.parents[1])
    log.parent.mkdir(exist_ok=True)
    with log.open("ab") if to_file else nullcontext() as output:
        return subprocess.Popen(  # noqa: S603 - our own interpreter and arguments
            [sys.executable, "-c", _PROGRAM, str(os.getpid()), *arguments],
            cwd=log.parent,
            env=full_environment(variables),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


def end(process: subprocess.Popen[bytes]) -> None:
    """Terminate the process, kill it after the grace period, then kill its session with all its children."""
    process.terminate()
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


@contextmanager
def running(
    home: Path, name: str, arguments: Sequence[str], variables: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a child inside the block."""
    process = start(home, name, arguments, variables)
    try:
        yield process
    finally:
        end(process)


@contextmanager
def beside() -> Iterator[ProcessPoolExecutor]:
    """Have a second process for the block, which does one call after the other and ends with this one."""
    with ProcessPoolExecutor(1, get_context("spawn"), _end_with, (os.getpid(),)) as process:
        yield process


def raise_failure(running: Future[Any]) -> None:
    """Raise what a call in the other process has raised, if it has ended so by now."""
    if running.done():
        running.result()


def _end_with(parent: int) -> None:
    ctypes.CDLL(None).prctl(_END_WITH_PARENT, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit(1)


def full_environment(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the caller's environment without its Prefect settings, plus `variables`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return {**kept, **variables}

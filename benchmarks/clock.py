"""Seconds, and the floors they are compared with."""

import gc
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple


class Figure(NamedTuple):
    """One piece of work: its seconds, its floor's seconds in the same run, and the target ratio."""

    work: str
    seconds: float
    floor: float | None
    aim: float | None

    def row(self, cases: int) -> str:
        """Return the row of a Markdown table."""
        floor = f"{self.floor:.3f}" if self.floor else ""
        ratio = f"{self.seconds / self.floor:.3g}" if self.floor else ""
        return f"| {cases:,} | {self.work} | {self.seconds:.3f} | {floor} | {ratio} | {self.aim or ''} |"


def worked(work: Callable[..., Any], *given: Any) -> float:
    """Return the processor seconds of a call that reads and writes nothing, regardless of other processes."""
    began = time.process_time()
    work(*given)
    return time.process_time() - began


def busy(home: Path, work: Callable[..., Any], *given: Any) -> float:
    """Return the processor seconds of a call, its PostgreSQL's included, regardless of other processes."""
    began, sessions = time.process_time(), _sessions(home)
    work(*given)
    seconds = time.process_time() - began
    return seconds + sum(now - sessions.get(one, 0) for one, now in _sessions(home).items())


def _sessions(home: Path) -> dict[str, float]:
    """Return the processor seconds so far of each session of the server under a data directory."""
    pid = next(home.rglob("postmaster.pid")).read_text(encoding="utf-8").split("\n", 1)[0]
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        if fields[1] == pid:
            found[stat.parent.name] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return found


def timed(work: Callable[..., Any], *given: Any) -> float:
    """Return the wall-clock seconds of a call. What earlier work left to Python's garbage collector is not its cost."""
    gc.collect()
    began = time.perf_counter()
    work(*given)
    return time.perf_counter() - began

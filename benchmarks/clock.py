"""Seconds, and the floors they are compared with."""

import time
from collections.abc import Callable
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


def timed(work: Callable[..., Any], *given: Any) -> float:
    """Return the wall-clock seconds of a call."""
    began = time.perf_counter()
    work(*given)
    return time.perf_counter() - began

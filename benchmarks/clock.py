"""Seconds, and what they are held against."""

import time
from collections.abc import Callable
from typing import Any, NamedTuple


class Figure(NamedTuple):
    """One piece of work, its seconds, its floor's seconds in the same run, and the ratio aimed at."""

    work: str
    seconds: float
    floor: float | None
    aim: float | None

    def row(self, cases: int) -> str:
        """The row of a Markdown table."""
        floor = f"{self.floor:.3f}" if self.floor else ""
        ratio = f"{self.seconds / self.floor:.3g}" if self.floor else ""
        return f"| {cases:,} | {self.work} | {self.seconds:.3f} | {floor} | {ratio} | {self.aim or ''} |"


def worked(work: Callable[..., Any], *given: Any) -> float:
    """How many seconds of its processor a call takes that reads and writes nothing, whoever else is busy."""
    began = time.process_time()
    work(*given)
    return time.process_time() - began


def timed(work: Callable[..., Any], *given: Any) -> float:
    """How many seconds of wall clock a call takes."""
    began = time.perf_counter()
    work(*given)
    return time.perf_counter() - began

"""A round's verdict, for tests whose sources have long been silent."""

import re

from flows.round_result import RoundResult

_OF_A_FEED = re.compile(r"Source \S+ (is late|leaves out \S+): ")


def faults(made: RoundResult) -> list[str]:
    """Return what went wrong in the round's own work, or wants a look, whatever feeds are missing."""
    return [*made.verdict.broken, *made.verdict.looks]


def went_well(code: int, err: str) -> bool:
    """Return whether `casebeat run` did all its work, by exit code and complaints, whatever feeds lack."""
    lines = [line for line in err.splitlines() if " | " not in line]  # Prefect's own log apart
    return code == 0 or (code == 1 and bool(lines) and all(map(_OF_A_FEED.match, lines)))

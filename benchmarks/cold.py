"""What a command costs before it does anything, in processor seconds of a process of its own, beside Python's own."""

import resource
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.clock import Figure

TRIES = 9  # the best one counts: what else the machine does only adds
BARE = ["-c", "import typer"]
READY = ["-c", "import pydantic_settings, psycopg2, sqlalchemy, jinja2, typer"]
HELP, EXPLAIN = "help, of all commands", "explain, of one case"
MOST = {HELP: 0.1, EXPLAIN: 1.0}  # seconds, whatever the floor: what a person waits for at a prompt
CASEBEAT = ["-m", "flows.command_line.main"]
ROOT = Path(__file__).parents[1]


def figures(case: str) -> Iterator[Figure]:
    """Measure help, completion, one case's explanation and the status, beside imports that all of them need."""
    bare, ready = best(BARE), best(READY)
    yield Figure(HELP, best([*CASEBEAT, "--help"]), bare, 1.6)
    yield Figure("a wrong usage", best([*CASEBEAT, "explain"]), ready, 3)
    yield Figure(EXPLAIN, best([*CASEBEAT, "explain", case]), ready, 4)
    yield Figure("status, of one case", best([*CASEBEAT, "status"]), ready, 4)


def is_over(figure: Figure) -> bool:
    """Return whether a command costs more than its aim, or more than a person should wait."""
    aim = (figure.floor or 0) * (figure.aim or 0)
    return figure.seconds > min(aim, MOST.get(figure.work, aim))


def best(arguments: Sequence[str]) -> float:
    """Return the least processor seconds of a process, its user and system time together."""
    return min(_once(arguments) for _ in range(TRIES))


def _once(arguments: Sequence[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(  # noqa: S603  our own interpreter
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, check=False
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime

"""The forces of a round, divided among runs; and what to do about one: wait, begin it again, or take it back."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

MOST = 3  # runs for one force in one round
DIED = timedelta(seconds=10)  # a round without an end whose lock is free for so long has no process any more
PATIENCE = timedelta(minutes=2)  # for a worker to take any force that is left
_OVER = frozenset({"COMPLETED", "FAILED", "CANCELLED"})


class Next(StrEnum):
    """The next step with a force that was handed out."""

    WAIT = "wait"
    READ = "read"  # its round has an end
    AGAIN = "again"  # its process is gone
    LOST = "lost"  # nothing more is done in this round
    HERE = "here"  # no worker takes it: the round runs it itself


class ForceSeen(NamedTuple):
    """The state of a force that was handed out, in Prefect and in the database."""

    attempt: int  # the number of its run, which it may share with other forces
    state: str | None  # the type of its run's state; None: the server does not answer
    began: bool  # in the present run
    ended: bool
    running: bool  # its lock is held
    unchanged: timedelta  # for how long all of this has been so
    idle: timedelta  # for how long no force of the round has been under way


def divide(work: Mapping[str, int], shares: int) -> list[tuple[str, ...]]:
    """Divide forces by their number of cases among at most so many runs: the largest first, to who has least to do."""
    runs: list[list[str]] = [[] for _ in range(min(shares, len(work)))]
    done = [0] * len(runs)
    for code in sorted(work, key=lambda code: (-work[code], code)):
        least = done.index(min(done))
        runs[least].append(code)
        done[least] += work[code] + 1  # a force without a case has work too
    return [tuple(run) for run in runs]


def next_step(seen: ForceSeen) -> Next:
    """Return what to do. The database decides where it knows an end; a run that a person cancelled is not repeated."""
    if seen.ended:
        return Next.READ
    died = seen.began and not seen.running and seen.unchanged >= DIED
    if seen.state == "CRASHED" or (died and seen.state not in _OVER):
        return Next.AGAIN if seen.attempt < MOST else Next.LOST
    if seen.state in _OVER:
        return Next.LOST
    return Next.HERE if seen.idle >= PATIENCE else Next.WAIT

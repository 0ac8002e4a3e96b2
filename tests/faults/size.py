"""The size of the fault tests: a seeded sample in the ordinary tests, everything under `make faults`."""

import os
import random
import time
from typing import TypeVar

T = TypeVar("T")

EVERYTHING = os.environ.get("FAULTS") == "all"
SEED = os.environ.get("FAULTS_SEED", "1")
BOUNDARIES = os.environ.get("FAULTS_BOUNDARIES", "all" if EVERYTHING else "6")  # of a round
KILLS = int(os.environ.get("FAULTS_KILLS", "300" if EVERYTHING else "8"))
STRIKES = int(os.environ.get("FAULTS_STRIKES", "30" if EVERYTHING else "1"))  # against the database, of each kind
DAYS_STRUCK = int(os.environ.get("FAULTS_DAYS", "30" if EVERYTHING else "1"))  # of an installation of Prefect's
# the process that is killed on the first of these days: another one on each day that the tests are run
FIRST_VICTIM = int(os.environ.get("FAULTS_VICTIM", "0" if EVERYTHING else str(int(time.time() // 86_400))))
AUDIT_EVERY = int(os.environ.get("FAULTS_AUDIT_EVERY", "20"))  # seconds; the shipped interval is 300
LONGEST = 4 * 3600  # seconds: the time limit of these tests


def chance(what: str) -> random.Random:
    return random.Random(f"{SEED} {what}")  # noqa: S311


def some(of: list[T], number: int) -> list[T]:
    """A sample of this size in the ordinary tests, all of them under `make faults`."""
    return of if EVERYTHING else sorted(chance("some").sample(of, number))


def points(crossed: list[str], share: float, of: random.Random) -> list[int]:
    """Choose the boundaries of a run to try, by number: all, or a sample with one of each name first, then any others.

    `share` is this run's part of the sample.
    """
    if BOUNDARIES == "all":
        return list(range(1, len(crossed) + 1))
    by_name: dict[str, list[int]] = {}
    for number, name in enumerate(crossed, 1):
        by_name.setdefault(name, []).append(number)
    most = max(1, round(int(BOUNDARIES) * share))
    names = of.sample(sorted(by_name), min(most, len(by_name)))
    chosen = {of.choice(by_name[name]) for name in names}
    others = sorted(set(range(1, len(crossed) + 1)) - chosen)
    return sorted(chosen | set(of.sample(others, min(len(others), most - len(chosen)))))

"""How much is tried: a seeded sample in the ordinary tests, everything under `make faults`; the same code."""

import os
import random

SEED = os.environ.get("FAULTS_SEED", "1")
BOUNDARIES = os.environ.get("FAULTS_BOUNDARIES", "12")  # how many are tried of each kind of run, or all
KILLS = int(os.environ.get("FAULTS_KILLS", "8"))
STRIKES = int(os.environ.get("FAULTS_STRIKES", "2"))  # against the database, of each kind
LONGEST = 4 * 3600  # seconds: no test of these is cut off before


def chance(what: str) -> random.Random:
    return random.Random(f"{SEED} {what}")  # noqa: S311


def points(crossed: list[str], most: int, of: random.Random) -> list[int]:
    """Which of a run's boundaries are tried, by number: all, or a sample that has as many different ones as it can."""
    if BOUNDARIES == "all":
        return list(range(1, len(crossed) + 1))
    by_name: dict[str, list[int]] = {}
    for number, name in enumerate(crossed, 1):
        by_name.setdefault(name, []).append(number)
    names = of.sample(sorted(by_name), min(most, int(BOUNDARIES), len(by_name)))
    return sorted(of.choice(by_name[name]) for name in names)

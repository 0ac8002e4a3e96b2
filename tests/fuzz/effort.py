"""The effort of the fuzz targets: a seeded sample in the ordinary tests, minutes each under `make fuzz`."""

import os
import random
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

SECONDS = float(os.environ.get("FUZZ_SECONDS", "0"))  # for each target; 0 is the sample
FIRST_SEED = int(os.environ.get("FUZZ_SEED", "1"))
SAMPLE = 60  # values in the ordinary tests
BATCH = 250  # values for one seed under `make fuzz`
LONGEST = 5.0  # seconds for one value
LARGEST = 500 << 20  # bytes that one target may add to the process
TIMEOUT = SECONDS + 300


class Hung(BaseException):
    """One value took longer than LONGEST; no handler of the product may catch it."""


def fuzz(
    name: str, values: SearchStrategy[Any], run: Callable[[Any], str], *, sample: int = SAMPLE, share: float = 1
) -> Counter[str]:
    """Call `run` with many values, and count its answers.

    `run` returns one word for what became of a value, and raises for a fault that the product did not foresee. A value
    that takes longer than LONGEST fails, and so does a target that takes more than LARGEST bytes. `sample` counts
    the values in the ordinary tests, `share` is the part of a target's time.
    """
    answers: Counter[str] = Counter()
    slowest = 0.0

    def one(value: Any) -> None:
        nonlocal slowest
        began = time.monotonic()
        with _limited():
            answers[run(value)] += 1
        slowest = max(slowest, time.monotonic() - began)

    before = _peak()
    ends = time.monotonic() + SECONDS * share
    for chosen in _seeds():
        _attack(one, values, chosen, BATCH if SECONDS else sample)
        if time.monotonic() >= ends:
            break
    grown = _peak() - before
    assert grown < LARGEST, f"{grown >> 20} MB more"
    if SECONDS:
        found = ", ".join(f"{number} {answer}" for answer, number in answers.most_common())
        sys.stdout.write(
            f"\n{name}: {answers.total()} values ({found}), the slowest {slowest:.2f} s, {grown >> 20} MB more\n"
        )
    return answers


def _attack(one: Callable[[Any], None], values: SearchStrategy[Any], chosen: int, number: int) -> None:
    limits = settings(
        max_examples=number,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    seed(chosen)(limits(given(values)(one)))()


def _seeds() -> Iterator[int]:
    yield FIRST_SEED
    dice = random.Random(FIRST_SEED)  # noqa: S311
    while True:
        yield dice.getrandbits(48)


@contextmanager
def _limited() -> Iterator[None]:
    """Raise Hung after LONGEST, and MemoryError beyond LARGEST, inside the block."""

    def hung(*_: object) -> None:
        raise Hung(f"more than {LONGEST} s")

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    handler = signal.signal(signal.SIGALRM, hung)
    signal.setitimer(signal.ITIMER_REAL, LONGEST)
    resource.setrlimit(resource.RLIMIT_AS, (_mapped() + LARGEST, hard))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _mapped() -> int:
    with open("/proc/self/statm", encoding="ascii") as read:  # noqa: PTH123
        return int(read.read().split()[0]) * resource.getpagesize()


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10

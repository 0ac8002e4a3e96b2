"""`make reading`: read many random books beside the product, one line a seed, and name those that differ."""

import argparse
import sys
import time
from collections.abc import Callable, Sequence

from tests.whole.reading.seeds import ALL, listed
from tests.whole.reading.side_by_side import differences


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    asking = argparse.ArgumentParser(prog="make reading ARGS=...", description=__doc__)
    asking.add_argument("--seeds", type=listed, default=list(ALL), help="as 1-50 or 3,7-9 (1-200)")
    return asking.parse_args(arguments)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _read(seed: int, differing: Callable[[int], list[str]]) -> list[str]:
    """Return how a book differs; a command that fails is a difference."""
    try:
        return differing(seed)
    except Exception as error:  # noqa: BLE001  the others are read all the same
        return [f"failed: {type(error).__name__}: {error}"]


def main(arguments: Sequence[str], differing: Callable[[int], list[str]] = differences) -> int:
    """Read the books that are asked for; return 1 if any differs."""
    seeds, others = _asked(arguments).seeds, []
    for number, seed in enumerate(seeds, start=1):
        began = time.monotonic()
        differ = _read(seed, differing)
        verdict = "differs" if differ else "agrees"
        _say(f"{number}/{len(seeds)} seed {seed} {verdict} ({time.monotonic() - began:.0f} s)")
        for line in differ:
            _say(f"  {line}")
        others += [seed] if differ else []
    _say(f"{len(seeds) - len(others)} of {len(seeds)} books agree.")
    if others:
        _say(f"Differing: {','.join(map(str, others))}. One of them again: ARGS='--seeds {others[0]}'")
    return 1 if others else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`make mutants`: change the house in small ways, one at a time, and see whether a test notices."""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.mutants import equivalents
from tests.mutants.folders import FOLDERS
from tests.mutants.mutant import Mutant
from tests.mutants.running import Result, Tree

ROOT = Path(__file__).parents[2]


def _asked() -> argparse.Namespace:
    asking = argparse.ArgumentParser(prog="make mutants ARGS=...", description=__doc__)
    asking.add_argument("--seed", type=int, default=1, help="which mutants are drawn (1)")
    asking.add_argument("--count", type=int, default=20, help="how many of each folder (20)")
    asking.add_argument("--only", choices=FOLDERS, action="append", help="a folder; may be given again (all of them)")
    asking.add_argument("--file", default="", help="only files whose path holds this")
    asking.add_argument("--limit", type=float, default=300, help="seconds for the tests of one mutant (300)")
    asking.add_argument("--list", action="store_true", help="show the mutants that are drawn, and run no test")
    return asking.parse_args()


def _drawn(folder: str, asked: argparse.Namespace) -> list[Mutant]:
    """The mutants of a folder for a seed; equivalents aside."""
    known = equivalents.reasons()
    found = [one for one in FOLDERS[folder].all(ROOT) if asked.file in one.path]
    chance = random.Random(f"{asked.seed} {folder}")  # noqa: S311  the same mutants for the same seed
    drawn: list[Mutant] = []
    for one in chance.sample(found, len(found)):
        if len(drawn) < asked.count and not equivalents.why(one, (ROOT / one.path).read_text("utf-8"), known):
            drawn.append(one)
    return drawn


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _run(folder: str, asked: argparse.Namespace, tree: Tree) -> list[tuple[Mutant, Result]]:
    """Judge a folder's mutants, with a line for each as it is done."""
    made = []
    drawn = _drawn(folder, asked)
    for number, one in enumerate(drawn, start=1):
        result = tree.judge(one, FOLDERS[folder].stages(ROOT, one.path), asked.limit)
        line = (ROOT / one.path).read_text("utf-8")[: one.at].count("\n") + 1
        _say(
            f"{folder} {number}/{len(drawn)} {result.outcome:8} {result.seconds:5.0f} s"
            f"  {one.path}:{line} {one.what}  {result.by}"
        )
        made.append((one, result))
    return made


def main() -> int:
    """Run what is asked for, and print the rate of each folder and the mutants that live."""
    asked, began = _asked(), time.monotonic()
    names = asked.only or list(FOLDERS)
    if asked.list:
        for name in names:
            for one in _drawn(name, asked):
                _say(one.diff((ROOT / one.path).read_text("utf-8")))
        return 0
    with tempfile.TemporaryDirectory(prefix="casebeat-mutants-") as folder:
        tree = Tree(ROOT, Path(folder))
        made = {name: _run(name, asked, tree) for name in names}
    for results in made.values():
        for one, result in results:
            if result.outcome != "killed":
                _say("\n" + one.diff((ROOT / one.path).read_text("utf-8")))
    _say("")
    for name, results in made.items():
        counts = Counter(result.outcome for _, result in results)
        noticed = counts["killed"]
        rate = 100 * noticed / len(results) if results else 100
        _say(
            f"{name:10} {noticed} of {len(results)} noticed, {rate:.0f} % (aim {FOLDERS[name].aim} %)"
            + (f", {counts['undecided']} undecided at the time limit" if counts["undecided"] else "")
        )
    _say(f"seed {asked.seed}, {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())

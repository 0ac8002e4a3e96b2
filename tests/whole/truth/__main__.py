"""`make letters`: live the demo's weeks, read every mail, answer every link, and print how much of it is so."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from random import Random

from tests.whole.truth.counting import Counts, table
from tests.whole.truth.links import answer, batches, links
from tests.whole.truth.lived import Acts
from tests.whole.truth.mails import Mail, read
from tests.whole.truth.weeks import OPERATIONS, answers, lived, read_days

SHOWN = 40


def main() -> int:
    """Print the counts; return 1 where anything is not so."""
    given = _arguments()
    counts, seen = Counts(), 0

    def look(day: date, home: Path) -> None:
        nonlocal seen
        paths = sorted((home / "mail" / "new").iterdir())
        fresh, seen = [read(path.read_bytes()) for path in paths[seen:]], len(paths)
        _say(f"{day:%a %d %b}: {len(fresh)} mails")
        _answer(counts, [mail for mail in fresh if mail.day == day and mail.to != OPERATIONS], day, home, given)

    with lived(look) as weeks:
        acts = Acts.of(weeks.engine)
        for world, mails, wrong in read_days(weeks.home, acts, counts.sentences):
            counts.take(world, mails, wrong)
            _say(f"{world.day:%a %d %b}: {len(wrong)} sentences are not so")
        counts.told(answers(weeks.home, acts, world.endings))
    rows = counts.rows()
    shown = (*counts.wrong[: given.shown], *counts.refused[: given.shown])
    whole = {"counts": rows, "wrong": counts.wrong, "refused": counts.refused}
    lines = [json.dumps(whole)] if given.json else [table(rows), *shown]
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return bool(counts.wrong or counts.refused)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make letters", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object, with everything that is not so")
    parser.add_argument("--shown", type=int, default=SHOWN, help="how many differences of each kind to print")
    parser.add_argument("--links", type=int, help="answer so many links a day, drawn at random; by default all")
    parser.add_argument("--seed", type=int, default=1, help="by which links are drawn")
    return parser.parse_args()


def _answer(counts: Counts, mails: list[Mail], day: date, home: Path, given: argparse.Namespace) -> None:
    found = links(mails)
    if given.links is not None:
        found = Random(f"{given.seed} {day}").sample(found, min(given.links, len(found)))  # noqa: S311
    every = batches(found)
    for number, batch in enumerate(every, 1):
        before = len(counts.refused)
        counts.answered(answer(home, "casebeat", batch, day, home / "links"))
        _say(
            "\n".join([f"{day:%a %d %b}: answered {number} of {len(every)} batches of links", *counts.refused[before:]])
        )


def _say(what: str) -> None:
    sys.stderr.write(f"{what}\n")


if __name__ == "__main__":
    sys.exit(main())

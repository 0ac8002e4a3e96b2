"""Mutants of the policy: a number changed, a step removed."""

import re
from collections.abc import Iterator

from tests.mutants.mutant import Mutant

NUMBER = re.compile(r"(?<=[ :{\[-])\d+(?=(?:wd|d|m)?\b)")

STEP = re.compile(r"^    - \{?step:.*\n(?:      .*\n)*", re.MULTILINE)


def mutants(path: str, text: str) -> Iterator[Mutant]:
    """Every mutant of the file."""
    at = 0
    for line in text.splitlines(keepends=True):
        said = line.partition("#")[0]
        if not said.startswith("edition"):
            for found in NUMBER.finditer(said):
                yield Mutant(path, at + found.start(), at + found.end(), str(int(found[0]) + 1), "number changed")
        at += len(line)
    for step in STEP.finditer(text):
        yield Mutant(path, step.start(), step.end(), "", "step removed")

"""Mutants that no test can kill, each with the reason: `equivalents.yaml`, by the lines that change."""

from pathlib import Path

import yaml

from tests.mutants.mutant import Mutant

FILE = Path(__file__).with_name("equivalents.yaml")


def reasons() -> dict[tuple[str, str, str], str]:
    """The reason of each equivalent, by its path and its lines before and after."""
    listed = yaml.safe_load(FILE.read_text("utf-8")) or []
    return {(one["path"], one["before"], one["after"]): one["why"] for one in listed}


def why(mutant: Mutant, text: str, known: dict[tuple[str, str, str], str]) -> str:
    """The reason why a mutant has no visible effect; none where it is not listed."""
    return known.get((mutant.path, *mutant.lines(text)), "")

"""The checkout whose tests run, and the result of a command that one ran."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]  # of this checkout


@dataclass(frozen=True)
class Ran:
    """The result of a command: its exit code and its output."""

    code: int
    out: str
    err: str

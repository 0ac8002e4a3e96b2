"""What became of an extract, in counts and in words: what the command prints and the round sums up."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Progress = Callable[[str, int, int], None]  # what is being read, rows so far, rows in all


class Fate(StrEnum):
    """What became of a folder."""

    LOADED = "loaded"
    ALREADY = "already loaded"
    REFUSED = "refused"
    NOT_READY = "not looked at"


@dataclass
class FileCount:
    """One file of an extract: its rows, and what became of them."""

    name: str
    rows: int = 0
    rejected: int = 0
    warned: int = 0
    waiting: int = 0
    added: int = 0
    changed: int = 0
    withdrawn: int = 0
    notes: list[str] = field(default_factory=list)  # on the file as a whole: encoding, unknown columns
    said: list[str] = field(default_factory=list)  # the first problems and warnings, for whoever runs the command

    def as_dict(self) -> dict[str, Any]:
        """Counts only, as kept with the extract and printed as JSON."""
        names = ("rows", "rejected", "warned", "waiting", "added", "changed", "withdrawn")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class Loaded:
    """What became of one folder. `sentence` is the refusal, or why nothing was done."""

    folder: str
    fate: Fate
    extract_id: str = ""
    source: str = ""
    sentence: str = ""
    files: tuple[FileCount, ...] = ()
    cases_changed: int = 0
    cases_missing: int = 0
    notes: tuple[str, ...] = ()

    @property
    def rejected(self) -> int:
        """Rows that were not loaded."""
        return sum(file.rejected for file in self.files)


def exit_code(results: list[Loaded]) -> int:
    """0 all loaded or already loaded; 1 something loaded with rows rejected; 2 any refused."""
    if any(result.fate is Fate.REFUSED for result in results):
        return 2
    return 1 if any(result.fate is Fate.LOADED and result.rejected for result in results) else 0

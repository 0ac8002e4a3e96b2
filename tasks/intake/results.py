"""Results of loading an extract, in counts and sentences, for the command's output and the round's summary."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from models.queries.intake.comparing import NO_ORDERS, UnexpiredOrders

Progress = Callable[[str, int, int], None]  # file name, rows so far, rows in total


class Fate(StrEnum):
    """The result for one folder."""

    LOADED = "loaded"
    ALREADY = "already loaded"
    REFUSED = "refused"
    HELD = "held"
    OVERTAKEN = "overtaken"
    NOT_READY = "not looked at"


@dataclass
class FileCount:
    """Counts of the rows of one file by their result."""

    name: str
    rows: int = 0
    rejected: int = 0
    warned: int = 0
    waiting: int = 0
    added: int = 0
    changed: int = 0
    withdrawn: int = 0
    closed: int = 0  # of the source's open cases
    reclassified: int = 0
    downgraded: int = 0
    emptied: dict[str, int] = field(default_factory=dict)  # filled cells, by stored column
    unlike: list[str] = field(default_factory=list)  # what is so unlike its source that a person has to decide
    of_stalking: list[str] = field(default_factory=list)  # lines of rejected rows of open stalking cases
    unwatched: int = 0  # open cases that count as other, since no list knows their offence codes
    unwatched_codes: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # on the whole file: encoding, unknown columns
    examples: list[str] = field(default_factory=list)  # the first problems and warnings, without cells

    def as_dict(self) -> dict[str, Any]:
        """Return the counts, and the lines if any, as stored with the extract and printed as JSON."""
        names = ("rows", "rejected", "warned", "waiting", "added", "changed", "withdrawn")
        told = ("closed", "reclassified", "downgraded", "emptied", "of_stalking", "unwatched", "unwatched_codes")
        return {name: getattr(self, name) for name in names} | {
            name: counted for name in told if (counted := getattr(self, name))
        }


@dataclass(frozen=True)
class LoadResult:
    """The result of loading one folder. `sentence` is why it was refused or held, or why nothing was done."""

    folder: str
    fate: Fate
    extract_id: str = ""
    source: str = ""
    sentence: str = ""
    files: tuple[FileCount, ...] = ()
    cases_changed: int = 0
    cases_missing: int = 0
    orders_missing: UnexpiredOrders = NO_ORDERS  # those of the missing cases
    notes: tuple[str, ...] = ()

    @property
    def rejected(self) -> int:
        """Rows that were not loaded."""
        return sum(file.rejected for file in self.files)


def exit_code(results: list[LoadResult]) -> int:
    """Return 0 if nothing stays to be loaded, 1 if rows of a loaded one were rejected, 2 if any was refused or held."""
    if any(result.fate in {Fate.REFUSED, Fate.HELD} for result in results):
        return 2
    return 1 if any(result.fate is Fate.LOADED and result.rejected for result in results) else 0

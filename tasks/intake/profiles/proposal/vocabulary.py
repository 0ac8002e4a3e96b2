"""The names that record systems give to what Casebeat reads, and the codes that they write for it, as a file lists."""

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from config import strict_yaml
from config.terms import Agency

FILE = Path(__file__).with_suffix(".yaml")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LogEvent(_Strict):
    """An event of a log, by what it begins with: the column whose day it is, and the header that holds the day."""

    begins: str
    column: str
    day: Literal["event", "due"]


class LogWords(_Strict):
    """The headers of a dated log, and its events."""

    event: tuple[str, ...]
    event_day: tuple[str, ...]
    due_day: tuple[str, ...]
    events: tuple[LogEvent, ...]


class MadeReference(_Strict):
    """A reference that is made of the case's and of a day, where the export has none."""

    column: str
    of: str


class RoleWords(_Strict):
    """The headers of a person's role in a case, and what the roles begin with of whom a file is."""

    headers: tuple[str, ...]  # or the end of one
    begins: tuple[str, ...]
    beside: tuple[str, ...] = ()  # what other roles begin with, beside which they are roles under any header


class FileHints(_Strict):
    """How a file of an extract is recognised in an export, and how what the export lacks is filled in."""

    anchors: tuple[tuple[str, ...], ...]
    only: str = ""
    sure: tuple[str, ...] = ()  # columns that have to be sure
    called: dict[str, str] = {}  # columns by their names among headers and codes, where other files have them too
    states: tuple[str, ...] | None = None  # of its rows that count: rows of the others are no rows of it
    agency: Agency | None = None
    unless: str = ""  # a file that has the same, where one file makes both and has one row for a case
    persons_of: str = ""  # the file of the cases whose persons it is of: it leaves to it what is a person's
    own: tuple[tuple[str, ...], ...] = ()  # columns that are of the file itself and not of one that it is joined to
    role: RoleWords | None = None
    always: dict[str, str] = {}
    reference: MadeReference | None = None
    newest: tuple[str, ...] = ()  # columns that of several rows the newest has, though it be empty: it was taken back


class DayWords(_Strict):
    """The forms of days that are tried, and the clocks that may follow."""

    written: tuple[str, ...]
    none: tuple[str, ...]
    clocks: tuple[str, ...]


class BlankWords(_Strict):
    """The cells that say nothing: for certain, as a database writes them, or perhaps."""

    certain: tuple[str, ...]
    possible: tuple[str, ...]


class LeftOutWords(_Strict):
    """How an export says that a row counts no longer: what its cells begin with, or its header and a yes."""

    cells: tuple[str, ...]
    gone: tuple[str, ...]
    cancelled: tuple[str, ...]
    others: tuple[str, ...]
    yes: tuple[str, ...]
    no: tuple[str, ...]

    @property
    def headers(self) -> tuple[str, ...]:
        """The words of all headers."""
        return (*self.gone, *self.cancelled, *self.others)


class Vocabulary(_Strict):
    """Everything that is known of exports."""

    abbreviations: dict[str, str]
    states: tuple[str, ...]
    ends: tuple[str, ...]
    versions: tuple[str, ...]
    kinds: tuple[str, ...]
    headers: dict[str, tuple[str, ...]]
    codes: dict[str, dict[str, str]]
    contrary: dict[str, tuple[str, ...]]
    after_charge: tuple[str, ...]
    no_further_action: tuple[str, ...]
    log: LogWords
    files: dict[str, FileHints]
    days: DayWords
    blanks: BlankWords
    left_out: LeftOutWords
    over: tuple[str, ...]
    row_counts: tuple[str, ...]


@cache
def vocabulary() -> Vocabulary:
    """Read the vocabulary."""
    return strict_yaml.load(FILE, Vocabulary)

"""The report's sections and figures, as their file lists them."""

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from config import strict_yaml

FILE = Path(__file__).parents[2] / "config" / "templates" / "report" / "sections.yaml"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Figure(_Strict):
    """One figure: its title, what it counts, and how it hangs together with others."""

    title: str
    means: str
    unit: str = "count"  # or days
    of: str | None = None  # the figure of which it is a part
    parts: tuple[str, ...] = ()  # all parts of it
    count: str | None = None  # of a median: the figure that counts what it is of
    own: bool = False  # never hidden on a force's own page


class Table(_Strict):
    """A table with a line for each rule, kind or step: the column's key in the figure's, and its title."""

    of: str
    columns: dict[str, str]
    within: dict[str, str] = {}  # a column that counts a part of another
    days: tuple[str, ...] = ()  # columns that are medians


class Section(_Strict):
    """A section of the report."""

    title: str
    figures: dict[str, Figure]
    chart: tuple[str, ...] = ()
    table: Table | None = None
    note: str = ""


class _Sections(_Strict):
    sections: tuple[Section, ...]
    headline: dict[str, str]


@cache
def _read() -> _Sections:
    return strict_yaml.load(FILE, _Sections)


def sections() -> tuple[Section, ...]:
    """Return the sections in their order."""
    return _read().sections


def headline() -> dict[str, str]:
    """Return the figures at the head of a page, with the title that each has there."""
    return _read().headline


@cache
def figures() -> dict[str, Figure]:
    """Return every figure by its key."""
    return {key: figure for section in sections() for key, figure in section.figures.items()}

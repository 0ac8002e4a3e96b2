"""The report's sections and figures, as their file lists them."""

from functools import cache, cached_property
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
    rule: str = ""  # the rule whose duties it counts, unless its key names it
    columns: tuple[str, ...] = ("cases.csv: opened_on",)  # else the columns without which nothing is seen of it
    own: bool = False  # never hidden on a force's own page


class Table(_Strict):
    """A table with a line for each rule, kind or step: the column's key in the figure's, and its title."""

    of: str
    columns: dict[str, str]
    within: dict[str, str] = {}  # a column that counts a part of another
    days: tuple[str, ...] = ()  # columns that are medians
    rules: dict[str, str] = {}  # a column that counts by a rule's duties


class Headed(_Strict):
    """A figure at the head of a page: its title there, and the words for a share of nothing."""

    title: str
    nothing: str = ""


class Section(_Strict):
    """A section of the report."""

    title: str
    figures: dict[str, Figure]
    chart: tuple[str, ...] = ()
    rest: str = ""  # of a chart of parts of a whole: what is left of it
    table: Table | None = None
    note: str = ""
    apart: bool = False  # of people, who belong to a force or to an Area, and never to a pair of both


class Equal(_Strict):
    """Counts that add up to another, whatever the month; a part may be a pattern, as kinds:*.done."""

    whole: str
    parts: tuple[str, ...]


class ReportLayout(_Strict):
    """All that the file lists: sections in their order, the head of a page, and how counts hang together."""

    sections: tuple[Section, ...]
    headline: dict[str, Headed]
    unprinted: dict[str, tuple[str, ...]]  # counts that no page prints, with those that add up to each
    equal: tuple[Equal, ...]  # across sections and months

    @cached_property
    def apart(self) -> frozenset[str]:
        """The figures of which all is the sum of forces and of Areas together."""
        return frozenset(key for section in self.sections if section.apart for key in section.figures)

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """Every figure by its key."""
        return {key: figure for section in self.sections for key, figure in section.figures.items()}


@cache
def layout() -> ReportLayout:
    """Read the report's sections and figures."""
    return strict_yaml.load(FILE, ReportLayout)

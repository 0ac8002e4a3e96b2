"""Rows that share a key, made into one: the lines of a dated log, and the parts of a case in several files."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from config.sources.cells import Take, folded
from tasks.intake.forms import MOST_LISTED
from tasks.intake.profiles.row_store import RowStore, SortedRow
from tasks.intake.unread_days import NotDay

_BETWEEN = "\x1f"


class GatheredColumn(NamedTuple):
    """Which of several cells counts in a column, the value if there is none, and whether it holds days."""

    take: Take
    when_empty: str
    is_day: bool = False


def key_of(cells: Iterable[str]) -> str:
    """Return the key that cells make, in which case and gaps do not count; empty if one of them is."""
    parts = [*map(folded, cells)]
    return _BETWEEN.join(parts) if all(parts) else ""


def gathered(
    store: RowStore, rows: Iterable[SortedRow], columns: Sequence[GatheredColumn]
) -> Iterator[tuple[int, list[str], set[int]]]:
    """Yield a row for each key: the line of its first, its cells, and the places of those that rows of one day give.

    Rows of one order count in the order of the file.
    """
    for _, shared in groupby(store.in_order(rows, len(columns)), itemgetter(0)):
        row = _Gathered(columns)
        for _, at, line, *cells in shared:
            row.add(line, at, cells)
        yield row.line, row.cells(), row.tied


class _Gathered:
    """The row of one key so far. An empty cell counts only in a column that takes the newest row's.

    A list keeps each member once, and none after one more than a cell may list: whoever reads it refuses the cell.
    """

    def __init__(self, columns: Sequence[GatheredColumn]) -> None:
        self._columns, self._cells = columns, [""] * len(columns)
        self._members: dict[int, dict[str, None]] = {}
        self._at: list[str | None] = [None] * len(columns)  # the order of the row that each cell is of
        self.line = 0
        self.tied = set[int]()

    def add(self, line: int, at: str, cells: Sequence[str]) -> None:
        self.line = min(line, self.line or line)
        for place, (column, cell) in enumerate(zip(self._columns, cells, strict=True)):
            if column.take is Take.ALL:
                if cell:
                    add_members(self._members.setdefault(place, {}), cell)
            elif cell or column.take is Take.NEWEST:
                self._take(place, column.take, at, cell)

    def _take(self, place: int, take: Take, at: str, cell: str) -> None:
        if at and at == self._at[place]:
            if cell != self._cells[place]:
                self.tied.add(place)
        elif take is not Take.FIRST:
            self.tied.discard(place)
        if take is not Take.FIRST or not self._cells[place]:
            self._cells[place], self._at[place] = cell, at

    def cells(self) -> list[str]:
        for place, members in self._members.items():
            self._cells[place] = ";".join(members)
        found = [cell or column.when_empty for cell, column in zip(self._cells, self._columns, strict=True)]
        return _days_again(found, [column.is_day for column in self._columns])


def add_members(members: dict[str, None], cell: str) -> None:
    """Add the members of a list to those before them, each once, and no more than one beyond what a cell may list."""
    for member in cell.split(";"):
        if len(members) > MOST_LISTED:
            return
        members[member] = None


def merged(store: RowStore, rows: Iterable[SortedRow], days: Sequence[bool]) -> Iterator[tuple[int, list[str]]]:
    """Yield a row for each key, of the first filled cells of its parts: a row's order is the number of its part.

    A second row of one part stays a row of its own: whoever loads it finds that its key is there already.
    """
    for _, shared in groupby(store.in_order(rows, len(days)), itemgetter(0)):
        parts: set[str] = set()
        lines: list[int] = []
        whole = [""] * len(days)
        for _, part, line, *cells in shared:
            if part in parts:
                yield line, _days_again(cells, days)
            else:
                parts.add(part)
                lines.append(line)
                whole = [cell or other for cell, other in zip(whole, cells, strict=True)]
        yield min(lines), _days_again(whole, days)


def _days_again(cells: Sequence[str], days: Sequence[bool]) -> list[str]:
    return [NotDay.again(cell) if is_day else cell for cell, is_day in zip(cells, days, strict=True)]

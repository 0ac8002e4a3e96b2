"""One row of several: a dated log, or a table with a line for each offence, becomes one row for each case."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from config.sources.cells import Take
from models.errors import Refuse

MOST = 500_000  # gathered rows that are held at once


class GatheredColumn(NamedTuple):
    """Which of several cells counts in a column, and the value if there is none."""

    take: Take
    when_empty: str


class Gathered:
    """The rows that share a key, gathered one after the other. An empty cell never counts."""

    def __init__(self, name: str, columns: Sequence[GatheredColumn]) -> None:
        self._name, self._columns = name, columns
        self._found: dict[tuple[str, ...], tuple[int, list[str], list[str]]] = {}

    def add(self, line: int, key: tuple[str, ...], order: str, cells: Sequence[str]) -> None:
        """Gather a row. `order` sorts rows of one key; equal ones count in the order of the file."""
        if key not in self._found:
            if len(self._found) >= MOST:
                raise Refuse(f"{self._name}: more than {MOST:,} rows would be gathered; send fewer cases at once.")
            self._found[key] = line, [""] * len(self._columns), [""] * len(self._columns)
        _, kept, orders = self._found[key]
        for place, (column, cell) in enumerate(zip(self._columns, cells, strict=True)):
            if not cell:
                continue
            if column.take is Take.ALL:
                kept[place] = f"{kept[place]};{cell}" if kept[place] else cell
            elif not kept[place] or (order >= orders[place] if column.take is Take.LAST else order < orders[place]):
                kept[place], orders[place] = cell, order

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield each gathered row with the line of its first."""
        for line, kept, _ in self._found.values():
            yield line, [cell or column.when_empty for cell, column in zip(kept, self._columns, strict=True)]

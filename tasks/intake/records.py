"""Rows of untrusted text with separators, one by one or in batches, so that no row and no batch takes much memory."""

import csv
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Protocol, TypeVar

from models.errors import Refuse
from tasks.intake.reading import LONGEST_CELL, LONGEST_LINE, lines

T = TypeVar("T")
M = TypeVar("M", bound=str)
MOST_COLUMNS = 500
BATCH = 250  # rows; a batch fits the processor's cache
MOST_BLOCKS = 4  # that a batch of long rows is of


class Counted(Protocol):
    """A count of the blocks of a text that were read."""

    blocks: int


def in_batches(rows: Iterable[T], read: Counted) -> Iterator[list[T]]:
    """Yield rows in batches that fit the processor's cache; of long rows fewer, so that memory holds a batch."""
    batch: list[T] = []
    begun = read.blocks
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH or read.blocks - begun > MOST_BLOCKS:
            yield batch
            batch, begun = [], read.blocks
    if batch:
        yield batch


class StrictDialect(csv.excel):
    """Text with separators and quotation marks, which have to be in their places."""

    strict = True


class Records:
    """The rows of a text with separators, each with the number of its first line. They are read once."""

    def __init__(
        self, name: str, text: Iterable[list[str]], dialect: type[csv.Dialect] = StrictDialect, separator: str = ","
    ) -> None:
        csv.field_size_limit(LONGEST_CELL)
        self.blocks, self.next_line, self._name = 0, 1, name
        self._reader = csv.reader(chain.from_iterable(self._watched(text)), dialect, delimiter=separator)

    def _watched(self, text: Iterable[list[str]]) -> Iterator[list[str]]:
        """Yield the blocks of lines. Raises Refuse for a row that goes on for longer than a line may."""
        waited = 0
        for block in text:
            line = self.next_line
            yield block
            self.blocks += 1
            waited = waited + sum(map(len, block)) if self.next_line == line else 0
            if waited > LONGEST_LINE:
                raise Refuse(
                    f"{self._name} has a row of more than {LONGEST_LINE >> 20} MiB, which begins on line {line}: is a "
                    "quotation mark missing?"
                )

    def take(self) -> list[str]:
        """Return the next row, blank or not. Raises StopIteration at the end, and csv.Error if it cannot be read."""
        row = next(self._reader)
        self.next_line = self._reader.line_num + 1
        return row

    def skip(self, last: int) -> None:
        """Leave out the rows up to a line, which were read before."""
        while self.next_line <= last and next(self._reader, None) is not None:
            self.next_line = self._reader.line_num + 1

    def rows(self, width: int, misfit: Callable[[list[str], int], M]) -> Iterator[tuple[int, list[str] | str | M]]:
        """Yield `(line, cells)`; for a row of another width what `misfit` makes of it, or why it cannot be read.

        A blank line is left out. Raises nothing but Refuse.
        """
        reader = self._reader
        while True:
            try:
                for cells in reader:
                    line, self.next_line = self.next_line, reader.line_num + 1
                    if len(cells) == width:
                        yield line, cells
                    elif cells:
                        yield line, misfit(cells, width)
                return  # noqa: TRY300  the loop continues only after an unreadable row
            except csv.Error as error:
                line, self.next_line = self.next_line, reader.line_num + 1
                yield line, unreadable(error)


def misfit(cells: list[str], width: int) -> str:
    """Return the problem of a row that has not as many cells as the header."""
    return f"has {len(cells)} cells where the header has {width}"


class Rows:
    """The rows of a file, each with the number of its first line.

    Iterating yields `(line, cells)`, or `(line, problem)` for a row that cannot be read.
    """

    def __init__(self, handle: int, name: str, encoding: str) -> None:
        self.name, self._records = name, Records(name, lines(handle, encoding))
        self.header = self._header()

    def place(self, line: int) -> str:
        """Return the place of a line."""
        return str(line)

    def _header(self) -> list[str]:
        try:
            header = [cell.strip().lower() for cell in self._records.take()]
        except StopIteration:
            raise Refuse(f"{self.name} is empty: it has no header row.") from None
        except csv.Error as error:
            raise Refuse(f"{self.name} has a header row that cannot be read: {unreadable(error)}.") from None
        if len(header) > MOST_COLUMNS:
            raise Refuse(f"{self.name} has more than {MOST_COLUMNS} columns.")
        return header

    def __iter__(self) -> Iterator[tuple[int, list[str] | str]]:
        """Yield every data row. Blank lines are skipped. Raises Refuse for a row without an end."""
        return self._records.rows(len(self.header), misfit)

    def batches(self) -> Iterator[list[tuple[int, list[str] | str]]]:
        """Yield the same in batches."""
        return in_batches(self, self._records)


def unreadable(error: csv.Error) -> str:
    """Return why a row cannot be read."""
    text = str(error)
    if "field limit" in text:
        return f"a cell is longer than {LONGEST_CELL:,} characters"
    if "unexpected end" in text:
        return "a quotation mark opens a cell and never closes it"
    if "new-line" in text:
        return "a carriage return inside the row is not part of a line end"
    return "a quotation mark is in the wrong place"

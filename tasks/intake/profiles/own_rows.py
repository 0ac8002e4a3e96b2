"""The rows of a source's own file, under its own header, as texts."""

import codecs
import csv
import os
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from config.sources.cells import own_name
from config.sources.day_forms import DayForm
from config.sources.profile import ExportFile
from models.errors import Refuse
from tasks.intake.reading import LONGEST_CELL, LONGEST_LINE, blocks, lines
from tasks.intake.records import MOST_COLUMNS, Records, StrictDialect, in_batches, misfit, unreadable

OwnRow = tuple[int, list[str] | str]  # the line, and its cells or the reason why it has none


class OwnHeader(NamedTuple):
    """The columns of a source's file: as they are written, and as they are compared."""

    written: list[str]
    names: dict[str, int]

    @classmethod
    def of(cls, rows: Sequence[Sequence[str]], name: str) -> "OwnHeader":
        """Read the lines of a header: a column's name is what is above it, from the top down."""
        width = max(map(len, rows), default=0)
        if not width or not any(cell.strip() for row in rows for cell in row):
            raise Refuse(f"{name} has no header where its profile says.")
        if width > MOST_COLUMNS:
            raise Refuse(f"{name} has more than {MOST_COLUMNS} columns.")
        written = [_title([row[place] if place < len(row) else "" for row in rows]) for place in range(width)]
        names: dict[str, int] = {}
        for place, title in enumerate(written):
            each, number = own_name(title), 2
            while each in names:
                each, number = f"{own_name(title)} ({number})", number + 1
            if title:
                names[each] = place
        return cls(written, names)


def _title(cells: Sequence[str]) -> str:
    parts = [" ".join(cell.split()) for cell in cells]
    return " / ".join(dict.fromkeys(filter(None, parts)))


def spread(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Write the cells of each line but the last over the empty ones to their right, as a merged cell shows them."""
    *above, last = [list(row) for row in rows]
    for row in above:
        for place in range(1, len(row)):
            row[place] = row[place] or row[place - 1]
    return [*above, last]


class OwnRows(Protocol):
    """A source's file that can be read more than once."""

    left_out: int  # its rows that the profile leaves out, once they were read

    @property
    def name(self) -> str:
        """The name of the file."""

    @property
    def header(self) -> OwnHeader:
        """Its columns."""

    @property
    def notes(self) -> Sequence[str]:
        """Return what there is to know of the file as a whole."""

    @property
    def counted(self) -> DayForm | None:
        """How its numbers are days, as a spreadsheet's are; None for a text."""

    def __iter__(self) -> Iterator[OwnRow]:
        """Yield each row below the header; blank rows are left out."""

    def batches(self) -> Iterator[list[OwnRow]]:
        """Yield the same in batches that memory holds."""


class _Plain(StrictDialect):
    quoting = csv.QUOTE_NONE


class StruckRow(list[str]):
    """The cells of a row of a spreadsheet that is struck through, and that its profile leaves out."""


class Ragged(str):
    """The problem of a row that has not as many cells as the header; `cells` is the row, filled up or cut."""

    __slots__ = ("blank", "cells")
    blank: bool
    cells: list[str]


class CsvRows:
    """A text file with separators."""

    counted: DayForm | None = None
    notes: Sequence[str] = ()
    left_out = 0

    def __init__(self, handle: int, name: str, file: ExportFile, encoding: str) -> None:
        self._handle, self.name, self._file, self._encoding = handle, name, file, encoding
        self.header = self._header()

    def _records(self) -> Records:
        text = _text(self._handle, self.name, self._encoding)
        return Records(self.name, text, StrictDialect if self._file.quotes else _Plain, self._file.separator)

    def _header(self) -> OwnHeader:
        records, first, last = self._records(), self._file.header[0], self._file.header[-1]
        found: list[list[str]] = []
        try:
            while records.next_line <= last:
                begins, row = records.next_line, records.take()
                found += [row] if begins >= first else []
        except StopIteration:
            raise Refuse(f"{self.name} ends before line {last}, where its profile says its header is.") from None
        except csv.Error as error:
            raise Refuse(f"{self.name} has lines that cannot be read before its rows: {unreadable(error)}.") from None
        return OwnHeader.of(spread(found) if len(found) > 1 else found, self.name)

    def __iter__(self) -> Iterator[OwnRow]:
        """Yield each row below the header; blank rows are left out."""
        return self._rows(self._records())

    def batches(self) -> Iterator[list[OwnRow]]:
        """Yield the same in batches."""
        records = self._records()
        return in_batches(self._rows(records), records)

    def _rows(self, records: Records) -> Iterator[OwnRow]:
        records.skip(self._file.header[-1])
        for line, row in records.rows(len(self.header.written), _ragged):
            if any(row) and not (isinstance(row, Ragged) and row.blank):
                yield line, row


def _ragged(cells: list[str], width: int) -> Ragged:
    ragged = Ragged(misfit(cells, width))
    ragged.blank, ragged.cells = not any(cells), [*cells, *[""] * width][:width]
    return ragged


def _text(handle: int, name: str, encoding: str) -> Iterator[list[str]]:
    """Yield lists of complete lines with line ends. Raises Refuse if the file is no text in this encoding."""
    try:
        yield from lines(handle, encoding) if "\n".encode(encoding) == b"\n" else _wide(handle, encoding)
    except UnicodeError:
        raise Refuse(f"{name} is no text in {encoding}, which its profile or its first bytes say.") from None


def _wide(handle: int, encoding: str) -> Iterator[list[str]]:
    decoder, rest = codecs.getincrementaldecoder(encoding)("replace"), ""
    for block in blocks(handle):
        head, newline, tail = (rest + decoder.decode(block)).removeprefix("\ufeff").rpartition("\n")
        if newline:
            yield [f"{line}\n" for line in head.split("\n")]
        rest = tail if len(tail) <= 2 * LONGEST_LINE else "x" * (LONGEST_CELL + 1)
    if rest:
        yield [rest]


def encoding_of(handle: int, file: ExportFile) -> str | None:
    """Return the encoding of a text file: the profile's, or that of its first bytes; None if neither tells it."""
    if file.encoding is not None:
        return file.encoding
    return "utf-16" if os.pread(handle, 2, 0) in {b"\xff\xfe", b"\xfe\xff"} else None

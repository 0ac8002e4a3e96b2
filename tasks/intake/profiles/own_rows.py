"""The rows of a source's own file, under its own header, as texts."""

import codecs
import csv
import os
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple, Protocol

from config.sources.cells import own_name
from config.sources.profile import ExportFile
from models.errors import Refuse
from tasks.intake.reading import LONGEST_CELL, LONGEST_LINE, MOST_COLUMNS, blocks, lines, unreadable

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

    @property
    def name(self) -> str:
        """The name of the file."""

    @property
    def header(self) -> OwnHeader:
        """Its columns."""

    def __iter__(self) -> Iterator[OwnRow]:
        """Yield each row below the header; blank rows are left out."""


class _Quoted(csv.excel):
    strict = True


class _Plain(_Quoted):
    quoting = csv.QUOTE_NONE


class CsvRows:
    """A text file with separators."""

    def __init__(self, handle: int, name: str, file: ExportFile, encoding: str) -> None:
        csv.field_size_limit(LONGEST_CELL)
        self._handle, self.name, self._file, self._encoding = handle, name, file, encoding
        self.header = self._header()

    def _reader(self) -> Any:
        text = chain.from_iterable(_text(self._handle, self.name, self._encoding))
        return csv.reader(text, _Quoted if self._file.quotes else _Plain, delimiter=self._file.separator)

    def _header(self) -> OwnHeader:
        reader, first, last = self._reader(), self._file.header[0], self._file.header[-1]
        found: list[list[str]] = []
        try:
            while reader.line_num < last:
                begins, row = reader.line_num + 1, next(reader)
                found += [row] if begins >= first else []
        except StopIteration:
            raise Refuse(f"{self.name} ends before line {last}, where its profile says its header is.") from None
        except csv.Error as error:
            raise Refuse(f"{self.name} has lines that cannot be read before its rows: {unreadable(error)}.") from None
        return OwnHeader.of(spread(found) if len(found) > 1 else found, self.name)

    def __iter__(self) -> Iterator[OwnRow]:
        """Yield each row below the header; blank rows are left out."""
        reader, width = self._reader(), len(self.header.written)
        while reader.line_num < self._file.header[-1] and next(reader, None) is not None:
            pass
        while True:
            line = reader.line_num + 1
            try:
                for cells in reader:
                    if len(cells) == width:
                        if any(cells):
                            yield line, cells
                    elif any(cells):
                        yield line, _fitted(cells, width)
                    line = reader.line_num + 1
                return  # noqa: TRY300  the loop continues only after an unreadable row
            except csv.Error as error:
                yield line, unreadable(error)


class Ragged(str):
    """The problem of a row that has not as many cells as the header; `cells` is the row, filled up or cut."""

    __slots__ = ("cells",)
    cells: list[str]


def _fitted(cells: list[str], width: int) -> Ragged:
    ragged = Ragged(f"has {len(cells)} cells where the header has {width}")
    ragged.cells = [*cells, *[""] * width][:width]
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
        rest = tail[: 2 * LONGEST_LINE]
    if rest:
        yield [rest]


def encoding_of(handle: int, file: ExportFile) -> str | None:
    """Return the encoding of a text file: the profile's, or that of its first bytes; None if neither tells it."""
    if file.encoding is not None:
        return file.encoding
    return "utf-16" if os.pread(handle, 2, 0) in {b"\xff\xfe", b"\xfe\xff"} else None

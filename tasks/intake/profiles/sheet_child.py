"""The child that reads a spreadsheet's own file (.xlsx): it writes the rows of a sheet as lines of JSON.

The first says from which year the book counts its days, how many rows are struck through, whole and in part, and the
first of these. Each line after it is the number of a row, negative where it is struck through, and its cells as texts:
a day is `2026-11-25`, yes and no are words. It imports little of ours, so that it starts at once.
"""

import errno
import json
import re
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from enum import IntEnum
from itertools import chain
from typing import Any, BinaryIO, NamedTuple

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from tasks.intake.profiles.struck_rows import Struck, struck_rows

_BLOCK = 1 << 20
TOLD = 10  # rows that are struck through, by their numbers
_LONGEST_TAG = 4_096  # bytes of a tag that are looked at again with the block after it
_BROKEN = (
    CalamineError, zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError,
    OSError, ValueError, OverflowError,
)  # fmt: skip
_CELL = re.compile(rb"""<(?:[\w.-]+:)?c\s(?:[^<>]*?\s)??r\s*=\s*["']\s*([A-Za-z]{1,4})([0-9]{1,9})\s*["']""")
_FROM_1904 = re.compile(rb"""\sdate1904\s*=\s*["'](?:1|true)["']""")


class ChildEnd(IntEnum):
    """Why it ended, as the code of its exit."""

    READ = 0
    BROKEN = 10
    NO_SHEET = 11
    TOO_FAR = 12  # cells beyond the last row or column
    TOO_LARGE = 13  # unpacked
    TOO_LONG = 14  # a row
    TOO_MUCH = 15  # memory, or written
    DISK_FULL = 16


class AskedSheet(NamedTuple):
    """The sheet that is asked for, the last line of its header, and the limits."""

    sheet: str | None  # the first, without a name
    header: tuple[int, int]  # its lines
    rows: int
    columns: int
    unpacked: int  # bytes
    cell: int  # characters; the rest is cut
    line: int  # bytes
    struck: bool  # whether it has to be sure which rows are struck through


class _End(Exception):  # no fault of the program
    def __init__(self, ending: ChildEnd) -> None:
        super().__init__()
        self.ending = ending


def main(asked: str) -> None:
    """Read the file at standard input, and write its rows to standard output."""
    sys.exit(_ending(AskedSheet(*json.loads(asked))))


def _ending(asked: AskedSheet) -> ChildEnd:
    try:
        with open(0, "rb", closefd=False) as content:
            content.seek(0)
            begins = _check_parts(content, asked)
            content.seek(0)
            book = CalamineWorkbook.from_filelike(content)
            sheet = _sheet(book, asked)
            struck = _struck(content, sheet.name, sure=asked.struck)
            begun = _line(0, [begins, *(_told(rows, asked) for rows in struck), *book.sheet_names], asked)
            rows = chain([begun], _rows(sheet, asked, struck.whole))
        with open(1, "wb", closefd=False) as out:
            out.writelines(rows)
    except _End as end:
        return end.ending
    except MemoryError:
        return ChildEnd.TOO_MUCH
    except OSError as error:
        full = {errno.EFBIG: ChildEnd.TOO_MUCH, errno.ENOSPC: ChildEnd.DISK_FULL, errno.EDQUOT: ChildEnd.DISK_FULL}
        return full.get(error.errno or 0, ChildEnd.BROKEN)
    except BaseException as fault:
        if not isinstance(fault, _BROKEN) and type(fault).__name__ != "PanicException":  # Rust's, of no module
            raise
        return ChildEnd.BROKEN
    return ChildEnd.READ


def _check_parts(content: BinaryIO, asked: AskedSheet) -> str:
    """Return the year from which the book counts its days. End if it is larger, unpacked, than people keep by hand.

    Every part is looked at, whatever its name: its relationships say which one is a sheet.
    """
    unpacked, begins = 0, "1900"
    with zipfile.ZipFile(content) as packed:
        for entry in packed.infolist():
            with packed.open(entry) as part:
                rest = b""
                while block := part.read(_BLOCK):
                    unpacked += len(block)
                    if unpacked > asked.unpacked:
                        raise _End(ChildEnd.TOO_LARGE)
                    _check_places(rest + block, asked)
                    if entry.filename.lower().endswith("workbook.xml") and _FROM_1904.search(rest + block):
                        begins = "1904"
                    rest = block[-_LONGEST_TAG:]
    return begins


def _check_places(xml: bytes, asked: AskedSheet) -> None:
    for column, row in _CELL.findall(xml):
        number = 0
        for letter in column.upper():
            number = number * 26 + letter - 64
        if int(row) > asked.rows or number > asked.columns:
            raise _End(ChildEnd.TOO_FAR)


def _sheet(book: CalamineWorkbook, asked: AskedSheet) -> CalamineSheet:
    if asked.sheet is None:
        return book.get_sheet_by_index(0)
    names = {name.strip().lower(): name for name in book.sheet_names}
    if asked.sheet.strip().lower() not in names:
        raise _End(ChildEnd.NO_SHEET)
    return book.get_sheet_by_name(names[asked.sheet.strip().lower()])


def _struck(content: BinaryIO, sheet: str, *, sure: bool) -> Struck:
    """Return the rows that are struck through; none of a book in which that cannot be read, if it need not be sure."""
    try:
        return struck_rows(content, sheet)
    except (*_BROKEN, KeyError):
        if sure:
            raise
        return Struck()


def _told(rows: Iterable[int], asked: AskedSheet) -> str:
    """Return how many rows there are below the header, and the first of them."""
    below = sorted(row for row in rows if row > asked.header[1])
    return " ".join(map(str, (len(below), *below[:TOLD])))


def _rows(sheet: CalamineSheet, asked: AskedSheet, struck: frozenset[int]) -> Iterator[bytes]:
    """Yield the lines of the rows; of blank ones only those up to the header's end."""
    left = [""] * (sheet.start[1] if sheet.start else 0)
    first, last = asked.header
    head: list[list[str]] = []
    for number, cells in enumerate(sheet.iter_rows(), 1):
        row = [*left, *(_text(cell, asked.cell) for cell in cells)]
        if number <= last:
            head.append(row)
        elif any(row):
            yield _line(-number if number in struck else number, row, asked)
        if number == last:
            _spread(head, sheet, first)
            yield from (_line(place, each, asked) for place, each in enumerate(head, 1))


def _spread(head: list[list[str]], sheet: CalamineSheet, first: int) -> None:
    """Write the text of the merged cells of the header into each of them."""
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if first <= top + 1 <= bottom + 1 <= len(head):
            for row in head[top : bottom + 1]:
                row[left : right + 1] = head[top][left : left + 1] * len(row[left : right + 1])


def _line(number: int, row: list[str], asked: AskedSheet) -> bytes:
    line = json.dumps([number, row], ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"
    if len(line) > asked.line:
        raise _End(ChildEnd.TOO_LONG)
    return line


def _text(value: Any, longest: int) -> str:
    if isinstance(value, str):
        return value.strip()[:longest]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, date) else str(value)

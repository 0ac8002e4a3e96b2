"""The rows of a spreadsheet's own file (.xlsx), as texts: a day is `2026-11-25`, yes and no are words."""

import os
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from functools import cached_property
from typing import Any, BinaryIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from config.plain_yaml import shown
from config.sources.profile import ExportFile
from models.errors import Refuse
from tasks.intake.profiles.own_rows import OwnHeader, OwnRow
from tasks.intake.reading import BLOCK, LONGEST_CELL, MOST_COLUMNS

LARGEST = 64 << 20  # bytes
LARGEST_UNPACKED = 1 << 30
MOST_ROWS = 200_000
_BROKEN = (
    CalamineError, zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError,
    OSError, ValueError, OverflowError,
)  # fmt: skip
_CELL = re.compile(rb'<(?:\w+:)?c [^<>]*?\br="([A-Z]{1,4})([0-9]{1,9})"')
_PART = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)


class WorkbookRows:
    """A sheet. It is read whole, so that it may be as large as one that people keep by hand."""

    def __init__(self, handle: int, name: str, file: ExportFile) -> None:
        self._handle, self.name, self._file = handle, name, file
        self.header = self._header()

    @cached_property
    def _rows(self) -> list[list[str]]:
        if os.fstat(self._handle).st_size > LARGEST:
            raise Refuse(f"{self.name} is larger than {LARGEST >> 20} MiB: save its sheet as CSV.")
        try:
            with os.fdopen(os.dup(self._handle), "rb") as content:
                _check_size(content, self.name)
                content.seek(0)
                sheet = self._sheet(CalamineWorkbook.from_filelike(content))
                rows = [list(map(_text, row)) for row in sheet.to_python(skip_empty_area=False)]
        except BaseException as fault:
            if not isinstance(fault, _BROKEN) and type(fault).__name__ != "PanicException":  # Rust's, of no module
                raise
            raise Refuse(f"{self.name} cannot be read as a spreadsheet: it is no .xlsx file, or is locked.") from None
        self._spread(rows, sheet)
        return rows

    def _sheet(self, book: CalamineWorkbook) -> CalamineSheet:
        wanted = self._file.sheet
        if wanted is None:
            return book.get_sheet_by_index(0)
        names = {name.strip().lower(): name for name in book.sheet_names}
        if wanted.strip().lower() not in names:
            raise Refuse(f'{self.name} has no sheet "{shown(wanted)}", which its profile names.')
        return book.get_sheet_by_name(names[wanted.strip().lower()])

    def _spread(self, rows: list[list[str]], sheet: CalamineSheet) -> None:
        """Write the text of the merged cells of the header into each of them."""
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
            if self._file.header[0] <= top + 1 <= bottom + 1 <= min(self._file.header[-1], len(rows)):
                for row in rows[top : bottom + 1]:
                    row[left : right + 1] = rows[top][left : left + 1] * len(row[left : right + 1])

    def _header(self) -> OwnHeader:
        first, last = self._file.header[0], self._file.header[-1]
        if len(self._rows) < last:
            raise Refuse(f"{self.name} ends before line {last}, where its profile says its header is.")
        return OwnHeader.of(self._rows[first - 1 : last], self.name)

    def first(self, many: int) -> list[list[str]]:
        """Return the first rows, those above the header too."""
        return self._rows[:many]

    def __iter__(self) -> Iterator[OwnRow]:
        """Yield each row below the header; blank rows are left out."""
        width, last = len(self.header.written), self._file.header[-1]
        for line, row in enumerate(self._rows[last:], last + 1):
            if any(row):
                yield line, [*row, *[""] * (width - len(row))]


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()[:LONGEST_CELL]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, date) else str(value)


def _check_size(content: BinaryIO, name: str) -> None:
    """Raise Refuse if a sheet is larger, unpacked, than a file is that people keep by hand."""
    unpacked = 0
    with zipfile.ZipFile(content) as packed:
        for each in packed.infolist():
            with packed.open(each) as part:
                rest = b""
                while block := part.read(BLOCK):
                    unpacked += len(block)
                    if unpacked > LARGEST_UNPACKED:
                        raise Refuse(f"{name} is larger than {LARGEST_UNPACKED >> 20} MiB when unpacked.")
                    if _PART.fullmatch(each.filename):
                        _check_places(rest + block, name)
                        rest = block[-200:]


def _check_places(xml: bytes, name: str) -> None:
    for column, row in _CELL.findall(xml):
        number = 0
        for letter in column:
            number = number * 26 + letter - 64
        if int(row) > MOST_ROWS or number > MOST_COLUMNS:
            raise Refuse(f"{name} has cells beyond row {MOST_ROWS:,} or column {MOST_COLUMNS}: save its sheet as CSV.")

"""The rows of a spreadsheet's own file (.xlsx), as texts: a day is `2026-11-25`, yes and no are words."""

import errno
import json
import os
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from typing import NoReturn

from config.plain_yaml import shown
from config.sources.day_forms import counted_from
from config.sources.profile import ExportFile
from models.errors import Refuse
from tasks.intake.profiles.own_rows import OwnHeader, OwnRow, StruckRow
from tasks.intake.profiles.sheet_child import AskedSheet, ChildEnd
from tasks.intake.reading import LONGEST_CELL, LONGEST_LINE, lines
from tasks.intake.records import MOST_COLUMNS, in_batches
from tasks.platform import confined

LARGEST = 64 << 20  # bytes
LARGEST_UNPACKED = 1 << 30
MOST_ROWS = 200_000
LIMITS = confined.ChildLimits(memory=1 << 30, seconds=60, patience=120, written=1 << 30)
_FROM = {"1900": date(1899, 12, 30), "1904": date(1904, 1, 1)}  # where a book begins to count days
STRUCK = "Struck through"  # the title of the column that says so, where a profile asks for it
_CHILD = "tasks.intake.profiles.sheet_child"


class WorkbookRows:
    """A sheet. A child reads it, and writes its rows to a file without a name, from which they are taken."""

    left_out = 0

    def __init__(self, handle: int, name: str, file: ExportFile) -> None:
        self.name, self._file, self.blocks = name, file, 0
        self._handle = self._written(handle)
        weakref.finalize(self, os.close, self._handle)
        _, (begins, whole, partly, *self.sheets) = next(self._read())
        self.counted = counted_from(_FROM[begins])
        self.header = self._header()
        self.name = f"{name} ({shown(file.sheet)})" if file.sheet else name
        self.notes = [*self._struck_notes(*([int(row) for row in rows.split()] for rows in (whole, partly)))]

    def _written(self, handle: int) -> int:
        if os.fstat(handle).st_size > LARGEST:
            raise Refuse(f"{self.name} is larger than {LARGEST >> 20} MiB: save its sheet as CSV.")
        header = (self._file.header[0], self._file.header[-1])
        asked = AskedSheet(
            self._file.sheet, header, MOST_ROWS, MOST_COLUMNS, LARGEST_UNPACKED, LONGEST_CELL, LONGEST_LINE,
            struck=self._file.struck_through is not None,
        )  # fmt: skip
        with tempfile.TemporaryFile() as written:
            try:
                code = confined.run(_CHILD, [json.dumps(asked)], handle, written.fileno(), LIMITS)
            except confined.Ended:
                code = ChildEnd.TOO_MUCH
            if code != ChildEnd.READ:
                self._refuse(code)
            return os.dup(written.fileno())

    def _refuse(self, code: int) -> NoReturn:
        """Raise Refuse with why the child ended, or the fault of the machine or of the program."""
        if code == ChildEnd.DISK_FULL:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        why = {
            ChildEnd.BROKEN: "cannot be read as a spreadsheet: it is no .xlsx file, or is locked.",
            ChildEnd.NO_SHEET: f'has no sheet "{shown(self._file.sheet)}", which its profile names.',
            ChildEnd.TOO_FAR: f"has cells beyond row {MOST_ROWS:,} or column {MOST_COLUMNS}: save its sheet as CSV.",
            ChildEnd.TOO_LARGE: f"is larger than {LARGEST_UNPACKED >> 20} MiB when unpacked.",
            ChildEnd.TOO_LONG: f"has a row of more than {LONGEST_LINE >> 20} MiB: save its sheet as CSV.",
            ChildEnd.TOO_MUCH: f"takes more than {LIMITS.said} to be read: save its sheet as CSV.",
        }
        if code not in why:
            raise RuntimeError("the reader of spreadsheets ended with an unknown code")
        raise Refuse(f"{self.name} {why[ChildEnd(code)]}")

    def _header(self) -> OwnHeader:
        first, last = self._file.header[0], self._file.header[-1]
        head = self.first(last)
        if len(head) < last:
            raise Refuse(f"{self.name} ends before line {last}, where its profile says its header is.")
        return OwnHeader.of(head[first - 1 :], self.name)

    def _struck_notes(self, whole: Sequence[int], partly: Sequence[int]) -> Iterator[str]:
        """Yield how many rows are struck through and read all the same, and the first of them."""
        if whole[0] and self._file.struck_through is None:
            yield f"{self.name}: {_told(whole, 'through')}; struck_through: leave_out leaves such rows out"
        if partly[0]:
            yield f"{self.name}: {_told(partly, 'through in part')}"

    def _lines(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows by their numbers; one that is struck through as such, or with that in a column of its own."""
        how, title = self._file.struck_through, self._file.header[-1]
        for number, cells in islice(self._read(), 1, None):
            if how == "column":
                cells.append(STRUCK if number == title else "yes" if number < 0 else "")
            yield abs(number), StruckRow(cells) if how == "leave_out" and number < 0 else cells

    def _read(self) -> Iterator[tuple[int, list[str]]]:
        for block in lines(self._handle, "utf-8"):
            self.blocks += 1
            for line in block:
                number, cells = json.loads(line)
                yield number, cells

    def first(self, many: int) -> list[list[str]]:
        """Return the first rows, those above the header too; a blank one below it is empty."""
        found: list[list[str]] = []
        for number, cells in self._lines():
            if number > many:
                break
            found += [[]] * (number - len(found) - 1)
            found.append(cells)
        return found

    def __iter__(self) -> Iterator[OwnRow]:
        """Yield each row below the header; blank rows are left out."""
        last = self._file.header[-1]
        return ((number, cells) for number, cells in self._lines() if number > last)

    def batches(self) -> Iterator[list[OwnRow]]:
        """Yield the same in batches."""
        return in_batches(self, self)


def _told(struck: Sequence[int], how: str) -> str:
    """Return how many rows are struck through, and their lines: the number comes first."""
    many, *lines = struck
    shown = ", ".join(map(str, lines)) + (" …" if many > len(lines) else "")
    if many == 1:
        return f"1 row (line {shown}) is struck {how}, and was read"
    return f"{many:,} rows (lines {shown}) are struck {how}, and were read"

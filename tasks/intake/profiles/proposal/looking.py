"""A first look at an export's files: their separators and encodings, where their header is, and some of their rows."""

import csv
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

from config.sources.cells import folded, own_name
from config.sources.day_forms import ALWAYS, DayForm
from config.sources.profile import ExportFile
from models.errors import Refuse
from tasks.intake.profiles.own_rows import CsvRows, OwnHeader, OwnRows, encoding_of
from tasks.intake.profiles.proposal.dated_names import newest_of
from tasks.intake.profiles.proposal.yaml_lines import quoted
from tasks.intake.profiles.workbook import WorkbookRows
from tasks.intake.reading import look, opened, opened_folder

ROWS, BATCHES = 2_000, 20  # that are looked at
_HEAD = 40  # lines among which the header is
_FIRST, _MOST = 1 << 16, 1 << 24  # bytes; and those among which quoted cells are sought before they are said to be none
_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}


class LookedAt(NamedTuple):
    """A file of an export: how it is read, its header, and the first of its rows by columns."""

    read: str
    how: dict[str, Any]  # keys of an ExportFile
    header: OwnHeader
    columns: list[list[str]]
    ragged: bool  # whether some rows have another number of cells
    notes: tuple[str, ...] = ()  # what there is to know of the file as a whole
    always: tuple[DayForm, ...] = ALWAYS  # forms of days that a profile need not name

    @property
    def sheet(self) -> str | None:
        """The sheet of a spreadsheet that has several."""
        return self.how.get("sheet")

    @property
    def named(self) -> str:
        """The file as a person reads of it: with the sheet, where it has several."""
        return f"{quoted(self.sheet)} of {quoted(self.read)}" if self.sheet else quoted(self.read)

    def cells(self, title: str) -> list[str]:
        """Return the cells of a column by its title."""
        return self.columns[self.header.names[own_name(title)]]

    def title(self, place: int) -> str:
        """Return the title of a column as a profile names it: the second `Date` is `Date (2)`."""
        written = self.header.written[place]
        name = next(name for name, each in self.header.names.items() if each == place)
        return f"{written}{name.removeprefix(own_name(written))}"


def repeat(looked: LookedAt, titles: Sequence[str], often: float = 1) -> bool:
    """Return whether there are more rows than keys that these columns make, by so many times."""
    keys = [key for key in keys_of(looked, titles) if all(key)]
    return len(set(keys)) * often < len(keys)


def keys_of(looked: LookedAt, titles: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the key that these columns make of each row."""
    return [*zip(*(map(folded, looked.cells(title)) for title in titles), strict=True)]


def look_at(folder: Path) -> tuple[list[LookedAt], list[str]]:
    """Look at each file of a folder, the newest of several days; return them, and why others were left out."""
    with opened_folder(folder) as handle:
        newest = newest_of({path.name: _changed(path) for path in folder.iterdir() if _is_one(path.name)})
        found, left_out = [], []
        for read, name in sorted(newest.items()):
            try:
                with opened(handle, name) as file:
                    looked = [*_tables(file, name, read)]
            except Refuse as why:
                left_out.append(str(why))
                continue
            found += [each for each in looked if isinstance(each, LookedAt)]
            left_out += [each for each in looked if isinstance(each, str)]
    if not found:
        raise Refuse(f"There is no file in {folder} that could be read as a table. Nothing was done.")
    return found, left_out


def _changed(path: Path) -> date:
    return datetime.fromtimestamp(path.lstat().st_mtime, UTC).date()


def _is_one(name: str) -> bool:
    return not name.startswith(".") and name.lower().endswith((".csv", ".txt", ".tsv", ".dat", ".xlsx"))


def _tables(handle: int, name: str, read: str) -> Iterator[LookedAt | str]:
    """Yield a file; of a spreadsheet each sheet that is a table, and why each other is left out."""
    if not name.lower().endswith(".xlsx"):
        how = _how(handle, name)
        yield _look_at(handle, name, read, how, how.get("encoding") or look(handle, name).encoding)
        return
    sheets = WorkbookRows(handle, name, ExportFile.model_construct(read=name, makes=())).sheets
    for sheet in sheets if len(sheets) > 1 else [None]:
        try:
            looked = _look_at(handle, name, read, {"sheet": sheet} if sheet else {})
        except Refuse as why:
            if sheet is None:
                raise
            yield f"{quoted(sheet)} of {name}: {why}"
            continue
        is_table = len(looked.header.names) > 1 and bool(looked.columns[0])
        yield looked if is_table or sheet is None else f"{quoted(sheet or '')} of {name} holds no table."


def _look_at(handle: int, name: str, read: str, how: dict[str, Any], encoding: str = "") -> LookedAt:
    raw = _opened(handle, name, {**how, "header": (1,)}, encoding)
    how["header"] = _header(_head(raw, handle, encoding, how))
    rows = _opened(handle, name, how, encoding)
    taken = list(islice(chain.from_iterable(islice(rows.batches(), BATCHES)), ROWS))
    whole = [row for _, row in taken if not isinstance(row, str)]
    columns = [list(column) for column in zip(*whole, strict=True)] or [[] for _ in rows.header.written]
    always = (*ALWAYS, rows.counted) if rows.counted else ALWAYS
    return LookedAt(read, how, rows.header, columns, len(whole) < len(taken), tuple(rows.notes), always)


def _opened(handle: int, name: str, how: dict[str, Any], encoding: str) -> OwnRows:
    values = {**how, "separator": _sign(how.get("separator", "comma"))}
    file = ExportFile.model_construct(read=name, makes=(), **values)
    if file.is_workbook:
        return WorkbookRows(handle, name, file)
    return CsvRows(handle, name, file, encoding)


def _sign(word: str) -> str:
    return next(sign for sign, named_ in _SEPARATORS.items() if named_ == word)


def _how(handle: int, name: str) -> dict[str, Any]:
    """Return how a text is read: its encoding if it has to be named, its separator, and whether it has quotes."""
    found = encoding_of(handle, ExportFile.model_construct(read=name, makes=()))
    text = os.pread(handle, _FIRST, 0).decode(found or look(handle, name).encoding, "replace")
    lines = [line for line in text.splitlines()[:_HEAD] if line.strip()]
    sign = max(_SEPARATORS, key=lambda one: _evenness(lines, one))
    how: dict[str, Any] = {"encoding": found} if found else {}
    if sign != ",":
        how["separator"] = _SEPARATORS[sign]
    quoted = any(f'{sign}"' in line or line.startswith('"') for line in lines)
    if quoted or '"' not in text:
        return how
    text = os.pread(handle, _MOST, 0).decode(found or look(handle, name).encoding, "replace")
    return how if _quotes_separators(text, sign) else how | {"quotes": False}


def _quotes_separators(text: str, sign: str) -> bool:
    """Return whether a row has as many cells as the first, one of them a quoted cell with the separator in it."""
    rows = csv.reader(text.splitlines(keepends=True), delimiter=sign)
    with suppress(csv.Error):
        width = len(next(rows, []))
        return any(len(row) == width and any(sign in cell for cell in row) for row in rows)
    return True


def _evenness(lines: Sequence[str], sign: str) -> int:
    """Return how many cells lie in rows of the commonest width, beyond one a row."""
    widths = Counter(len(row) for row in csv.reader(lines, delimiter=sign))
    width, many = widths.most_common(1)[0] if widths else (1, 0)
    return (width - 1) * many


def _head(raw: OwnRows, handle: int, encoding: str, how: dict[str, Any]) -> list[list[str]]:
    if isinstance(raw, WorkbookRows):
        return raw.first(_HEAD)
    text = os.pread(handle, _FIRST, 0).decode(encoding, "replace").removeprefix("\ufeff")
    found: list[list[str]] = []
    with suppress(csv.Error):
        found += islice(csv.reader(text.splitlines(), delimiter=_sign(how.get("separator", "comma"))), _HEAD)
    return found


def _header(rows: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """Return the numbers of the header's lines: the first with the most names, and one above that names groups."""
    names = [sum(bool(cell.strip()) and not cell.strip()[:1].isdigit() for cell in row) for row in rows]
    width = max(map(len, rows), default=0)
    best = max(range(len(rows)), key=lambda place: (names[place] * (len(rows[place]) == width), -place), default=0)
    grouped = best > 0 and len(rows[best - 1]) == width and names[best - 1] > 1 and not all(rows[best])
    if not grouped and _names_below(rows[best : best + 2]):
        return (best + 1, best + 2)
    return (best, best + 1) if grouped else (best + 1,)


def _names_below(lines: Sequence[Sequence[str]]) -> bool:
    """Return whether the second of two lines names the columns of groups that the first names by merged cells."""
    if len(lines) < 2 or any(cell.strip()[:1].isdigit() for cell in lines[1]):
        return False
    above, below = ([bool(cell.strip()) for cell in line] for line in lines)
    grouped = [place for place, (one, other) in enumerate(zip(above, below, strict=False)) if other and not one]
    return bool(grouped) and all(above[place - 1] or place - 1 in grouped for place in grouped if place)

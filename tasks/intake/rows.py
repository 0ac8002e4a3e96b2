"""Judging rows: cells by their forms, each row by its checks; every problem gathered, in words."""

from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from config.terms import Mode
from models.errors import Refuse
from tasks.intake.checks import Note, Values
from tasks.intake.columns import Column, File
from tasks.intake.files import WITHDRAWN
from tasks.intake.forms import NO_URN, NULL, Setting, Unfit

REMEMBERED = 20_000  # cells per column; then the memory begins anew, so that it stays flat
LONGEST_REMEMBERED = 80
_TAB = "\t".join


class Problem(NamedTuple):
    """What a cell that does not fit leaves in its place: no text, so that a row holding one cannot be loaded."""

    words: str


class Cells(dict[str, Any]):
    """One column's cells as read before: text to COPY text, or to a Problem."""

    def __init__(self, column: Column, setting: Setting) -> None:
        super().__init__()
        self._column, self._setting = column, setting
        self._plain = column.form.plain.fullmatch if column.form.plain else None
        self._empty = Problem(f"{column.name} is empty") if column.required else column.form.empty

    def __missing__(self, cell: str) -> str | Problem:
        if self._plain and self._plain(cell):
            return cell
        text = cell.strip()
        found = self._judged(text) if text else self._empty
        if (self._column.form.kept or not text) and len(cell) <= LONGEST_REMEMBERED:
            if len(self) >= REMEMBERED:
                self.clear()
            self[cell] = found
        return found

    def _judged(self, text: str) -> str | Problem:
        column = self._column
        try:
            return column.form.read(text, self._setting)
        except Unfit as unfit:
            shown = f' "{_cut(text)}"' if column.form.shown else ""
            return Problem(f"{column.name}{shown} {unfit}")


def _cut(text: str) -> str:
    plain = "".join(each if each.isprintable() else "?" for each in text[:41])
    return plain if len(plain) <= 40 else f"{plain[:40]}…"


class Judged(NamedTuple):
    """A row as it goes to COPY (`bad` ones with what could be read of their key), and what is to be said of it."""

    line: int
    text: str
    problems: Sequence[str]
    warnings: Sequence[str]


class RowJudge:
    """Judges the rows of one file under one header."""

    def __init__(self, file: File, header: list[str], mode: Mode, setting: Setting) -> None:
        self.file, self.setting = file, setting
        known = file.names | ({WITHDRAWN.name} if mode is Mode.DELTA else frozenset())
        self.unknown = [name for name in header if name not in known]
        _check_header(file, header, known)
        columns = (WITHDRAWN, *file.columns)
        places = [header.index(c.name) if c.name in header and c.name in known else len(header) for c in columns]
        self._pick: Callable[[list[Any]], tuple[Any, ...]] = itemgetter(*places)
        self._cells = [Cells(column, setting) for column in columns]
        self._at = {column.name: place for place, column in enumerate(columns)}
        self._empty = [NO_URN if column.name == "urn" else NULL for column in columns]
        identity = set(file.key) | ({"force_code", "case_ref", "urn"} if "urn_root" in file.key else set())
        self._identity = [place for place, column in enumerate(columns) if column.name in identity]

    def judge(self, rows: Sequence[tuple[int, list[str]]]) -> Iterator[str | Judged]:
        """A few rows, whatever is in them, each with its line and as many cells as the header.

        A row of which nothing is to be said comes back as its COPY text alone.
        """
        if not rows:
            return
        absent = ("",) * len(rows)  # what a column that is not there holds
        columns = [*zip(*(row for _, row in rows), strict=True), absent]
        read = [map(cells.__getitem__, column) for cells, column in zip(self._cells, self._pick(columns), strict=True)]
        for (line, row), values in zip(rows, map(list, zip(*read, strict=True)), strict=True):
            yield self._clean(line, values) or self._gathered(line, row)

    def _clean(self, line: int, values: Values) -> str | None:
        if values[0] != "f":
            return None
        try:
            for check in self.file.checks:
                if check(values, self._at, self.setting):
                    return None
            return f"{line}\tf\t{_TAB(values)}\n"
        except TypeError:  # a Problem stands where a text should
            return None

    def _gathered(self, line: int, row: list[str]) -> Judged:
        """The slow way, for a row of which something is to be said, or which is withdrawn."""
        values = [cells[cell] for cells, cell in zip(self._cells, self._pick([*row, ""]), strict=True)]
        withdrawn = values[0] == "t"
        if withdrawn:  # only what tells which row it is matters
            wanted = {0, *self._identity}
            values = [value if place in wanted else self._empty[place] for place, value in enumerate(values)]
        problems = [value.words for value in values if isinstance(value, Problem)]
        checks = () if withdrawn and "urn_root" not in self.file.key else self.file.checks
        said = [words for check in checks for words in check(values, self._at, self.setting)]
        problems += [words for words in said if not isinstance(words, Note)]
        warnings = [words for words in said if isinstance(words, Note)]
        text = "\t".join(value if isinstance(value, str) else self._empty[place] for place, value in enumerate(values))
        return Judged(line, f"{line}\t{'t' if problems else 'f'}\t{text}\n", problems, () if problems else warnings)


def _check_header(file: File, header: list[str], known: frozenset[str]) -> None:
    twice = sorted({name for name in header if name in known and header.count(name) > 1})
    missing = [column.name for column in file.columns if column.required and column.name not in header]
    if file.either and "urn" not in header and not {"force_code", "case_ref"} <= set(header):
        missing.append("urn (or force_code and case_ref)")
    if twice:
        raise Refuse(f"{file.name} has the column {', '.join(twice)} more than once.")
    if missing:
        raise Refuse(f"{file.name} has no column {', '.join(missing)}, which it must have.")

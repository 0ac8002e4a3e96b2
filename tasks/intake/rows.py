"""Validation of rows: cells by their forms, rows by their checks, with every problem gathered."""

from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from models.errors import Refuse
from tasks.intake.checks import Note, UnreadCell, Values
from tasks.intake.columns import Column, File
from tasks.intake.files import WITHDRAWN
from tasks.intake.forms import NO_URN, NULL, CellSetting, NotStored, PartlyUnfit, Unfit
from tasks.intake.manifest import Mode
from tasks.intake.sentences import Quoting, printable
from tasks.intake.tables import DoubtfulRow, WarnedRow
from tasks.intake.unread_days import NotDay

REMEMBERED = 20_000  # cached cells per column; a full cache is cleared, so that memory stays flat
LONGEST_REMEMBERED = 80  # characters
_TAB = "\t".join


class Problem(NamedTuple):
    """The reason why a cell does not fit. It replaces the text, so that its row cannot be loaded.

    `readable` is the COPY text of what can be read of it, where that counts.
    """

    reason: str
    readable: str | None = None


class Replaced(NamedTuple):
    """A value in place of a cell that is not stored, and the warning that says so without the cell."""

    value: str
    warning: Note


class Cells(dict[str, Any]):
    """A cache of one column's cells, from their text to COPY text, a Replaced or a Problem."""

    def __init__(self, column: Column, setting: CellSetting) -> None:
        super().__init__()
        self._column, self._setting = column, setting
        self._plain = column.form.plain.fullmatch if column.form.plain else None
        self._empty = self._of_nothing()

    def __missing__(self, cell: str) -> str | Replaced | Problem:
        if self._plain and self._plain(cell):
            return cell
        text = cell if isinstance(cell, NotDay) else cell.strip()
        found = self._read(text) if text else self._empty
        if (self._column.form.kept or not text) and len(cell) <= LONGEST_REMEMBERED:
            if len(self) >= REMEMBERED:
                self.clear()
            self[cell] = found
        return found

    def _of_nothing(self) -> str | Replaced | Problem:
        """Return what an empty cell is."""
        column, said = self._column, f"{self._column.name} is empty"
        if not column.required:
            return column.form.empty
        return Problem(said) if column.instead is None else self._without(said, said)

    def _without(self, said: str, plain: str) -> Replaced:
        """Return what a cell is whose row is loaded without it."""
        more = "it was loaded without"
        return Replaced(UnreadCell(self._column.instead or "", said), Note(f"{said}: {more}", f"{plain}: {more}"))

    def _read(self, text: str) -> str | Replaced | Problem:
        column = self._column
        try:
            if isinstance(text, NotDay):
                raise Unfit(text.reason)  # noqa: TRY301  a cell that does not fit, as any other
            return column.form.read(text, self._setting)
        except NotStored as doubtful:
            sentence = f"{column.name} {doubtful}"
            return Replaced(doubtful.instead, Note(sentence, sentence))
        except Unfit as unfit:
            plain = f"{column.name} {unfit}"
            cell = text.cell if isinstance(text, NotDay) else text
            said = Quoting(f'{column.name} "{printable(cell)}" {unfit}', plain) if column.form.shown else plain
            if column.instead is not None:
                return self._without(said, plain)
            return Problem(said, unfit.readable if isinstance(unfit, PartlyUnfit) else None)


class JudgedRow(NamedTuple):
    """A row's COPY text (of a `bad` row, the readable part of its key), and its problems and warnings."""

    line: int
    text: str
    problems: Sequence[str]
    warnings: Sequence[str]


class RowJudge:
    """The validator of one file's rows under one header."""

    def __init__(self, file: File, header: list[str], mode: Mode, setting: CellSetting) -> None:
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

    def judge(self, rows: Sequence[tuple[int, Sequence[str]]]) -> Iterator[str | JudgedRow]:
        """Validate a batch of rows, each with its line number and as many cells as the header.

        Yield only the COPY text of a row without problems or warnings.
        """
        if not rows:
            return
        absent = ("",) * len(rows)  # the cells of a missing column
        columns = [*zip(*(row for _, row in rows), strict=True), absent]
        read = [map(cells.__getitem__, column) for cells, column in zip(self._cells, self._pick(columns), strict=True)]
        for (line, row), values in zip(rows, map(list, zip(*read, strict=True)), strict=True):
            marked = isinstance(row, DoubtfulRow | WarnedRow)
            yield (None if marked else self._fast(line, values)) or self._slow(line, row)

    def _fast(self, line: int, values: Values) -> str | None:
        if values[0] != "f":
            return None
        try:
            for check in self.file.checks:
                if check(values, self._at, self.setting):
                    return None
            return f"{line}\tf\t{_TAB(values)}\n"
        except TypeError:  # a Problem or a Replaced among the texts
            return None

    def _slow(self, line: int, row: Sequence[str]) -> JudgedRow:
        """Validate a row that has problems or warnings, or is withdrawn, and gather its findings."""
        values = [cells[cell] for cells, cell in zip(self._cells, self._pick([*row, ""]), strict=True)]
        withdrawn = values[0] == "t"
        if withdrawn:  # only the key matters
            wanted = {0, *self._identity}
            values = [value if place in wanted else self._empty[place] for place, value in enumerate(values)]
        warnings = [value.warning for value in values if isinstance(value, Replaced)]
        values = [value.value if isinstance(value, Replaced) else value for value in values]
        problems = [value.reason for value in values if isinstance(value, Problem)]
        checks = () if withdrawn and "urn_root" not in self.file.key else self.file.checks
        found = [sentence for check in checks for sentence in check(values, self._at, self.setting)]
        problems += [sentence for sentence in found if not isinstance(sentence, Note)]
        problems = [row.problem] if isinstance(row, DoubtfulRow) else problems
        warnings += [sentence for sentence in found if isinstance(sentence, Note)]
        warnings += [Note(sentence, sentence) for sentence in (row.warnings if isinstance(row, WarnedRow) else ())]
        text = _TAB(
            value if isinstance(value, str) else value.readable or self._empty[place]
            for place, value in enumerate(values)
        )
        return JudgedRow(line, f"{line}\t{'t' if problems else 'f'}\t{text}\n", problems, () if problems else warnings)


def _check_header(file: File, header: list[str], known: frozenset[str]) -> None:
    repeated = sorted({name for name in header if name in known and header.count(name) > 1})
    missing = [column.name for column in file.columns if column.required and column.name not in header]
    if file.either and "urn" not in header and not {"force_code", "case_ref"} <= set(header):
        missing.append("urn (or force_code and case_ref)")
    if repeated:
        raise Refuse(f"{file.name} has the column {', '.join(repeated)} more than once.")
    if missing:
        raise Refuse(f"{file.name} has no column {', '.join(missing)}, which it must have.")

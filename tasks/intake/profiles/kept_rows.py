"""The rows of a source's file that count: blanks are empty, merged cells filled down, and what is no row left out."""

from collections.abc import Collection, Iterator, Sequence
from itertools import compress
from typing import NamedTuple

from config.sources.cells import Condition, folded, own_name
from config.sources.day_forms import ALWAYS, DayForm
from config.sources.profile import ExportFile, Profile
from models.errors import Refuse
from tasks.intake.profiles.making import CellCache, MadeColumn, Making, Secret
from tasks.intake.profiles.own_rows import OwnRows, Ragged, StruckRow

MadeRow = tuple[int, Sequence[str] | str]


class RowBatch(NamedTuple):
    """Some rows of a source's file by columns, each row's line, and the problems of rows that cannot be read."""

    lines: list[int]
    columns: list[Sequence[str]]
    problems: list[MadeRow]

    def where(self, condition: MadeColumn, *, holds: bool) -> "RowBatch":
        """Return the rows for which a condition holds, or does not."""
        return self.only([bool(cell) is holds for cell in condition.of(self.columns, len(self.lines))])

    def only(self, keep: list[bool]) -> "RowBatch":
        """Return the rows that are to be kept."""
        if all(keep):
            return self
        columns: list[Sequence[str]] = [tuple(compress(column, keep)) for column in self.columns]
        return RowBatch(list(compress(self.lines, keep)), columns, self.problems)


class SourceRows(NamedTuple):
    """A file of a source, and what its profile says of it."""

    own: OwnRows
    file: ExportFile
    profile: Profile
    secret: Secret

    def kept(self, names: Collection[str]) -> "KeptRows":
        """Return the rows that count, for whoever reads these columns. Raises Refuse if it has no such column."""
        return KeptRows(self.own, self.file, self.profile, names)

    def making(self, at: dict[str, int]) -> Making:
        """Return how cells are made of its columns, which are at these places."""
        return Making(at, self.profile, self.days, self.secret, self.always)

    @property
    def days(self) -> tuple[DayForm, ...] | None:
        """How it writes days; None if its profile does not say so."""
        return self.file.days or self.profile.days or (ALWAYS if self.file.is_workbook else None)

    @property
    def always(self) -> tuple[DayForm, ...]:
        """Forms of days that its profile need not name."""
        return (*ALWAYS, self.own.counted) if self.own.counted else ALWAYS


class KeptRows:
    """The rows of a file that count. Blanks are empty in the columns that are asked for."""

    def __init__(self, own: OwnRows, file: ExportFile, profile: Profile, names: Collection[str]) -> None:
        self.own = own
        down, left_out = [*map(own_name, file.fill_down or ())], self._own_conditions(file)
        wanted = {*names, *down, *(own_name(condition.column) for condition in left_out)}
        if lacking := sorted(f'"{name}"' for name in wanted if name not in own.header.names):
            raise Refuse(f"{own.name} has no column {', '.join(lacking)}, which its profile names.")
        self.at = {name: own.header.names[name] for name in sorted(wanted)}
        making = Making(self.at, profile, None, lambda: b"")
        self._left_out = making.holds(left_out, every=False) if left_out else None
        self._filled_down = [self.at[name] for name in down]
        blanks = frozenset(map(folded, file.blanks or profile.blanks or ()))
        self._plain = CellCache(lambda cell: "" if folded(cell) in blanks else cell, of_several=False)
        self._has_blanks = bool(blanks)

    @staticmethod
    def _own_conditions(file: ExportFile) -> list[Condition]:
        begins = tuple(look_up.begins for look_up in file.look_up)
        return [each for each in file.leave_out or () if not own_name(each.column).startswith(begins)]

    def batches(self) -> Iterator[RowBatch]:
        """Yield the rows in batches, and note how many were left out once all were read."""
        above, left_out = [""] * len(self.own.header.written), 0
        for rows in self.own.batches():
            batch, struck = self._read(rows)
            for place in self._filled_down:
                batch.columns[place] = _filled(batch.columns[place], place, above)
            kept = batch.only([line not in struck for line in batch.lines]) if struck else batch
            left_out += len(rows) - len(kept.lines) - len(kept.problems)
            yield kept
        self.own.left_out = left_out

    def _read(self, rows: Sequence[tuple[int, list[str] | str]]) -> tuple[RowBatch, set[int]]:
        """Return the rows that are not left out, and the lines of those that are struck through."""
        readable = [(line, row) for line, row in rows if not isinstance(row, str)]
        problems = [(line, row) for line, row in rows if isinstance(row, str) and self._counts(row)]
        columns: list[Sequence[str]] = list(zip(*(row for _, row in readable), strict=True))
        batch = RowBatch([line for line, _ in readable], columns or [()] * len(self.own.header.written), [*problems])
        if self._has_blanks:
            for place in self.at.values():
                batch.columns[place] = tuple(map(self._plain.__getitem__, batch.columns[place]))
        struck = {line for line, row in readable if isinstance(row, StruckRow)}
        return batch.where(self._left_out, holds=False) if self._left_out else batch, struck

    def _counts(self, problem: str) -> bool:
        """Return whether a row that cannot be read is none that is left out anyway."""
        if self._left_out is None or not isinstance(problem, Ragged):
            return True
        return not any(self._left_out.of([(self._plain[cell],) for cell in problem.cells], 1))


def _filled(column: Sequence[str], place: int, above: list[str]) -> Sequence[str]:
    filled = []
    for cell in column:
        above[place] = cell or above[place]
        filled.append(above[place])
    return filled

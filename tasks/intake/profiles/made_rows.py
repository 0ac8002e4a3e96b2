"""Rows of an extract's file, made from the rows of a source's file as its profile describes."""

from collections.abc import Iterator, Sequence
from itertools import compress
from typing import NamedTuple

from config.sources.cells import Recipe, Take, folded, own_name
from config.sources.day_forms import ALWAYS
from config.sources.profile import ExportFile, MadeRows, Profile
from models.errors import Refuse
from tasks.intake.files import FILES
from tasks.intake.forms import DAY, FUTURE_DAY, MOST_LISTED, NotDay
from tasks.intake.profiles.checking import own_columns
from tasks.intake.profiles.making import MadeColumn, Making, Secret
from tasks.intake.profiles.own_rows import OwnRows, Ragged

MadeRow = tuple[int, Sequence[str] | str]
MOST = 500_000  # gathered rows that are held at once
MOST_TEXT = 256 << 20  # characters of them


class RowBatch(NamedTuple):
    """Some rows of a source's file by columns, each row's line, and the problems of rows that cannot be read."""

    lines: list[int]
    columns: list[Sequence[str]]
    problems: list[MadeRow]

    def where(self, condition: MadeColumn, *, holds: bool) -> "RowBatch":
        """Return the rows for which a condition holds, or does not."""
        keep = [bool(cell) is holds for cell in condition.of(self.columns, len(self.lines))]
        if all(keep):
            return self
        columns: list[Sequence[str]] = [tuple(compress(column, keep)) for column in self.columns]
        return RowBatch(list(compress(self.lines, keep)), columns, self.problems)


class MadePart:
    """The rows of one file of the extract that are made from one file of the source."""

    def __init__(self, own: OwnRows, file: ExportFile, made_rows: MadeRows, profile: Profile, secret: Secret) -> None:
        self.own, self._file, self._made = own, file, made_rows
        at = self._places(own.header.names)
        days_written = file.days or profile.days or (ALWAYS if file.is_workbook else None)
        self._making = Making(at, profile, days_written, secret)
        days = {column.name for column in FILES[made_rows.rows_of].columns if column.form in {DAY, FUTURE_DAY}}
        self._columns = {name: self._column(name, recipe, days) for name, recipe in made_rows.columns.items()}
        self._filled_down = [at[own_name(name)] for name in file.fill_down or ()]
        self._left_out = self._making.holds(file.leave_out, every=False) if file.leave_out else None
        self._only = self._making.holds(made_rows.only, every=True) if made_rows.only else None

    def _places(self, names: dict[str, int]) -> dict[str, int]:
        wanted = [*own_columns(self._made), *map(own_name, self._file.fill_down or ())]
        wanted += [own_name(condition.column) for condition in self._file.leave_out or ()]
        if lacking := sorted({f'"{name}"' for name in wanted if name not in names}):
            raise Refuse(f"{self.own.name} has no column {', '.join(lacking)}, which its profile names.")
        return {name: names[name] for name in wanted}

    def _column(self, name: str, recipe: Recipe, days: set[str]) -> MadeColumn:
        gathered = self._made.one_row_for is not None
        one = recipe.model_copy(update={"when_empty": None}) if gathered else recipe
        return self._making.column(one, is_day=name in days)

    @property
    def shown(self) -> list[int]:
        """The places of the source's columns that the profile names, in the source's order."""
        names = self.own.header.names
        wanted = {names[name] for made_rows in self._file.makes for name in own_columns(made_rows) if name in names}
        return sorted(wanted)

    def rows(self, header: Sequence[str]) -> Iterator[MadeRow]:
        """Yield each made row, its cells in the order of the header."""
        columns = [self._columns[name] for name in header]
        if self._made.one_row_for is None:
            for lines, own, problems in self.batches():
                yield from problems
                yield from zip(
                    lines, zip(*(column.of(own, len(lines)) for column in columns), strict=True), strict=True
                )
        else:
            yield from self._gathered(header, columns, self._made.one_row_for)

    def _gathered(self, header: Sequence[str], columns: Sequence[MadeColumn], key: Sequence[str]) -> Iterator[MadeRow]:
        recipes = [self._made.columns[name] for name in header]
        gathered = Gathered(self.own.name, [GatheredColumn(r.take or Take.LAST, r.when_empty or "") for r in recipes])
        keys = [self._making.at[own_name(name)] for name in key]
        order = self._order()
        for lines, own, problems in self.batches():
            yield from problems
            orders = order.of(own, len(lines)) if order else ("",) * len(lines)
            made = zip(*(column.of(own, len(lines)) for column in columns), strict=True)
            shared = zip(*(own[place] for place in keys), strict=True)
            for line, named, at, cells in zip(lines, shared, orders, made, strict=True):
                if not any(named):
                    yield line, f"has nothing in {' and '.join(key)}, which tells its rows apart"
                elif isinstance(at, NotDay):
                    yield line, f"{self._made.in_order_of} {at.reason}"
                else:
                    gathered.add(line, tuple(map(folded, named)), at, cells)
        yield from gathered.rows()

    def _order(self) -> MadeColumn | None:
        name = self._made.in_order_of
        return self._making.column(Recipe.model_validate({"from": name}), is_day=True) if name else None

    def batches(self) -> Iterator[RowBatch]:
        """Yield the source's rows that are made into something, in batches."""
        above = [""] * len(self.own.header.written)
        for batch in self.own.batches():
            problems: list[MadeRow] = []
            readable: list[tuple[int, list[str]]] = []
            for line, row in batch:
                if isinstance(row, str):
                    problems += [(line, row)] if self._counts(row) else []
                else:
                    readable.append((line, row))
            kept = self._kept(readable, problems)
            for place in self._filled_down:
                kept.columns[place] = self._filled(kept.columns[place], place, above)
            yield self._chosen(kept)

    def _counts(self, problem: str) -> bool:
        """Return whether a row that cannot be read is none that is left out anyway."""
        if self._left_out is None or not isinstance(problem, Ragged):
            return True
        return not any(self._left_out.of([(cell,) for cell in problem.cells], 1))

    def _kept(self, readable: list[tuple[int, list[str]]], problems: list[MadeRow]) -> RowBatch:
        lines = [line for line, _ in readable]
        own: list[Sequence[str]] = list(zip(*(row for _, row in readable), strict=True))
        whole = RowBatch(lines, own or [()] * len(self.own.header.written), problems)
        return whole.where(self._left_out, holds=False) if self._left_out else whole

    def _chosen(self, batch: RowBatch) -> RowBatch:
        return batch.where(self._only, holds=True) if self._only else batch

    @staticmethod
    def _filled(column: Sequence[str], place: int, above: list[str]) -> Sequence[str]:
        filled = []
        for cell in column:
            above[place] = cell or above[place]
            filled.append(above[place])
        return filled


class GatheredColumn(NamedTuple):
    """Which of several cells counts in a column, and the value if there is none."""

    take: Take
    when_empty: str


class GatheredRow(NamedTuple):
    """The row of one key so far: the line of its first, a cell of each column with its order, and members of lists."""

    line: int
    cells: list[str]
    orders: list[str]
    members: dict[int, dict[str, None]]


class Gathered:
    """The rows that share a key, as of a dated log, gathered into one row each. An empty cell never counts.

    A list keeps each member once, and none after one more than a cell may list: whoever reads it refuses the cell.
    """

    def __init__(self, name: str, columns: Sequence[GatheredColumn]) -> None:
        self._name, self._columns = name, columns
        self._found: dict[tuple[str, ...], GatheredRow] = {}
        self._text = 0

    def add(self, line: int, key: tuple[str, ...], order: str, cells: Sequence[str]) -> None:
        """Gather a row. `order` sorts rows of one key; equal ones count in the order of the file."""
        if key not in self._found:
            if len(self._found) >= MOST:
                raise self._too_much(f"{MOST:,} rows")
            width = len(self._columns)
            self._found[key] = GatheredRow(line, [""] * width, [""] * width, {})
        row = self._found[key]
        for place, (column, cell) in enumerate(zip(self._columns, cells, strict=True)):
            if cell and column.take is Take.ALL:
                self._list(row.members.setdefault(place, {}), cell)
            elif cell and (not row.cells[place] or _counts_before(order, row.orders[place], column.take)):
                self._text += len(cell) - len(row.cells[place])
                row.cells[place], row.orders[place] = cell, order
        if self._text > MOST_TEXT:
            raise self._too_much(f"{MOST_TEXT >> 20} million characters")

    def _list(self, members: dict[str, None], cell: str) -> None:
        for member in cell.split(";"):
            if len(members) > MOST_LISTED:
                return
            if member not in members:
                members[member] = None
                self._text += len(member)

    def _too_much(self, what: str) -> Refuse:
        return Refuse(f"{self._name}: more than {what} would be gathered; send fewer cases at once.")

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield each gathered row with the line of its first."""
        for row in self._found.values():
            for place, members in row.members.items():
                row.cells[place] = ";".join(members)
            yield row.line, [cell or column.when_empty for cell, column in zip(row.cells, self._columns, strict=True)]


def _counts_before(order: str, other: str, take: Take) -> bool:
    return order >= other if take is Take.LAST else order < other

"""The files of an extract, made from the open files of a source by its profile."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice

from config.sources.profile import ExportFile, Profile
from models.errors import Refuse
from tasks.intake.profiles.made_rows import MadePart, MadeRow
from tasks.intake.profiles.making import Secret
from tasks.intake.profiles.own_rows import CsvRows, OwnRows, Ragged
from tasks.intake.profiles.workbook import WorkbookRows
from tasks.intake.reading import FirstLook, marks
from tasks.intake.records import BATCH


class OpenFile:
    """A file of the source that is open, and what was seen of it before it is read."""

    def __init__(self, handle: int, name: str, seen: FirstLook, lines: int) -> None:
        self.handle, self.name, self.seen, self.lines = handle, name, seen, lines

    def rows(self, file: ExportFile) -> OwnRows:
        """Return its rows. Raises Refuse if it has no header where its profile says."""
        if file.is_workbook:
            return WorkbookRows(self.handle, self.name, file)
        return CsvRows(self.handle, self.name, file, self.seen.encoding)


class MadeTable:
    """The rows of one file of the extract, from one or more parts. Each part has lines of its own."""

    def __init__(self, name: str, parts: Sequence[MadePart], header: list[str]) -> None:
        self.name, self.header, self._parts = name, header, parts

    def __iter__(self) -> Iterator[MadeRow]:
        """Yield every made row."""
        many = len(self._parts)
        for number, part in enumerate(self._parts):
            for line, row in part.rows(self.header):
                yield line * many + number, row

    def batches(self) -> Iterator[list[MadeRow]]:
        """Yield the same in batches; memory holds them, since those of its parts are made of it."""
        coming = iter(self)
        while batch := list(islice(coming, BATCH)):
            yield batch

    def place(self, line: int) -> str:
        """Return the line in the source's own file, with its name where there are several."""
        number, part = divmod(line, len(self._parts))
        several = len({made_part.own.name for made_part in self._parts}) > 1
        return f"{number} of {self._parts[part].own.name}" if several else str(number)


class OriginalTable:
    """The rows of one part as the source wrote them, in the columns that its profile names."""

    def __init__(self, table: MadeTable, parts: Sequence[MadePart], number: int) -> None:
        part, self._many, self._number = parts[number], len(parts), number
        stem = table.name.removesuffix(".csv")
        self.name = table.name if len(parts) == 1 else f"{stem}-{number + 1}.csv"
        self.header = [part.own.header.written[place] for place in part.shown]
        self._part, self._table = part, table

    def __iter__(self) -> Iterator[MadeRow]:
        """Yield the source's rows; of one that has too many cells or too few, as many as there are columns."""
        for line, row in self._part.own:
            cells = row.cells if isinstance(row, Ragged) else row
            shown = cells if isinstance(cells, str) else [cells[place] for place in self._part.shown]
            yield line * self._many + self._number, shown

    def place(self, line: int) -> str:
        """Return the line in the source's own file."""
        return self._table.place(line)


class MadeTables:
    """All files of an extract that a profile makes."""

    def __init__(self, profile: Profile, files: dict[str, OpenFile], secret: Secret) -> None:
        self._profile, self._files, self._secret = profile, files, secret

    @cached_property
    def _parts(self) -> dict[str, list[MadePart]]:
        made: dict[str, list[MadePart]] = {}
        for file in self._profile.files:
            own = self._files[file.read]
            rows = own.rows(file)
            for made_rows in file.makes:
                part = MadePart(rows, file, made_rows, self._profile, self._secret)
                made.setdefault(made_rows.rows_of, []).append(part)
        return made

    def rows(self, name: str) -> MadeTable:
        """Return the rows of a file under the extract's header. Raises Refuse if a column is not there."""
        made_rows = next(
            made_rows for file in self._profile.files for made_rows in file.makes if made_rows.rows_of == name
        )
        return MadeTable(name, self._parts[name], list(made_rows.columns))

    def originals(self, name: str) -> Sequence[OriginalTable]:
        """Return the same rows as their source wrote them, part by part."""
        table, parts = self.rows(name), self._parts[name]
        return [OriginalTable(table, parts, number) for number in range(len(parts))]

    def expected(self, name: str) -> int:
        """Return how many lines the files have that the rows are made from."""
        return sum(self._files[file.read].lines for file in self._profile.files for made_rows in file.makes
                   if made_rows.rows_of == name)  # fmt: skip

    def check(self, name: str, rows: int) -> None:
        """Raise Refuse if a file was changed while it was read."""
        del rows
        for file in self._profile.files:
            own = self._files[file.read]
            if any(made_rows.rows_of == name for made_rows in file.makes) and marks(own.handle) != own.seen.marks:
                raise Refuse(f"{own.name} was changed while it was being read.")

    def notes(self, name: str) -> list[str]:
        """Return which of the source's files it is made from."""
        names = [self._files[file.read].name for file in self._profile.files for made_rows in file.makes
                 if made_rows.rows_of == name]  # fmt: skip
        return [f"made from {' and '.join(dict.fromkeys(names))}"]

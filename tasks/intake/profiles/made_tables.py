"""The files of an extract, made from the open files of a source by its profile."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice

from config.sources.profile import ExportFile, Profile
from models.errors import Refuse
from tasks.intake.profiles.checking import questions
from tasks.intake.profiles.finding import Finder
from tasks.intake.profiles.gathering import key_of, merged
from tasks.intake.profiles.kept_rows import MadeRow, SourceRows
from tasks.intake.profiles.made_rows import MadePart, warned, warnings_of
from tasks.intake.profiles.making import Secret
from tasks.intake.profiles.own_rows import CsvRows, OwnRows, Ragged
from tasks.intake.profiles.rejected_rows import UNSURE
from tasks.intake.profiles.row_store import RowStore, SortedRow
from tasks.intake.profiles.workbook import WorkbookRows
from tasks.intake.reading import FirstLook, marks
from tasks.intake.records import BATCH
from tasks.intake.staging import refuse_too_many
from tasks.intake.tables import DoubtfulRow
from tasks.platform.text import number_of


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

    def __init__(self, name: str, parts: Sequence[MadePart], store: RowStore) -> None:
        self.name, self._parts, self._store = name, parts, store
        self.header = list(dict.fromkeys(column for part in parts for column in part.made.columns))

    def __iter__(self) -> Iterator[MadeRow]:
        """Yield every made row."""
        merged_by = self._parts[0].made.merged_by
        return self._merged(merged_by) if merged_by else (row for _, row in self._of_parts())

    def _of_parts(self) -> Iterator[tuple[int, MadeRow]]:
        """Yield every row with the number of its part."""
        many = len(self._parts)
        for number, part in enumerate(self._parts):
            for line, row in part.rows(self.header):
                yield number, (line * many + number, row)

    def _merged(self, merged_by: Sequence[str]) -> Iterator[MadeRow]:
        """Yield the rows of the parts that share a key as one, and those without a key as they are."""
        others: list[MadeRow] = []
        key = [self.header.index(name) for name in merged_by]
        days = [*(name in self._parts[0].days for name in self.header), False]
        for line, (*row, ties) in merged(self._store, self._keyed(key, others), days):
            unsure = any(key_of(row[place] for place in key) in part.unsure for part in self._parts)
            yield line, DoubtfulRow(row, UNSURE) if unsure else warned(row, ties)
        yield from others

    def _keyed(self, key: Sequence[int], others: list[MadeRow]) -> Iterator[SortedRow]:
        for number, (line, row) in self._of_parts():
            named = "" if isinstance(row, str | DoubtfulRow) else key_of(row[place] for place in key)
            if named:
                yield named, f"{number:03}", line, *row, warnings_of(row)
            else:
                others.append((line, row))
                refuse_too_many(self.name, len(others))

    def batches(self) -> Iterator[list[MadeRow]]:
        """Yield the same in batches; memory holds them, since those of its parts are made of it."""
        coming = iter(self)
        while batch := list(islice(coming, BATCH)):
            yield batch

    def place(self, line: int) -> str:
        """Return the line in the source's own file, with the name of the file or sheet where there are several."""
        number, place = divmod(line, len(self._parts))
        part = self._parts[place]
        if len({each.own.name for each in self._parts}) == 1:
            return str(number)
        one_book = len({each.file.read for each in self._parts}) == 1
        return f"{number} of {(one_book and part.file.sheet) or part.own.name}"


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
        self._profile, self._files, self._secret, self._store = profile, files, secret, RowStore()

    @cached_property
    def _parts(self) -> dict[str, list[MadePart]]:
        profile, made = self._profile, dict[str, list[MadePart]]()
        sources = [SourceRows(self._files[f.read].rows(f), f, profile, self._secret) for f in profile.files]
        for source in sources:
            finders = {}
            for look_up in source.file.look_up:
                theirs = next(one for one in sources if one.file is profile.looked_up(look_up))
                finders[look_up.begins] = Finder(look_up, theirs, self._store)
            for made_rows in source.file.makes:
                part = MadePart(source, finders, made_rows, self._store)
                made.setdefault(made_rows.rows_of, []).append(part)
        return made

    def rows(self, name: str) -> MadeTable:
        """Return the rows of a file under the extract's header. Raises Refuse if a column is not there."""
        return MadeTable(name, self._parts[name], self._store)

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
        for part in self._parts[name]:
            for source in part.sources:
                own = self._files[source.file.read]
                if marks(own.handle) != own.seen.marks:
                    raise Refuse(f"{own.name} was changed while it was being read.")

    def notes(self, name: str) -> list[str]:
        """Return which of the source's files it is made from, and what there is to know of each of them."""
        sources = [source.own for part in self._parts[name] for source in part.sources]
        struck = [note for own in sources for note in own.notes]
        finders = [finder for part in self._parts[name] for finder in part.finders if finder.misread]
        unread = [
            f"{finder.theirs.own.name}: nothing was looked up in {finder.misread:,} of its rows, which cannot be read"
            for finder in finders
        ]
        asked = [question for part in self._parts[name] for question in questions(part.made).values()]
        made_from = " and ".join(dict.fromkeys(map(_counted, sources)))
        unanswered = [f"{question}; until one of them stands under columns, it is left out" for question in asked]
        return [f"made from {made_from}", *dict.fromkeys([*unanswered, *struck, *unread])]


def _counted(own: OwnRows) -> str:
    """Return the name of a file that was read, with how many of its rows its profile leaves out."""
    if not own.left_out:
        return own.name
    return f"{own.name} without {number_of(own.left_out, 'row')} that the profile leaves out"

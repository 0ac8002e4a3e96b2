"""Rows of an extract's file, made from the rows of a source's file as its profile describes."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from config.sources.cells import Condition, Recipe, Take, folded, own_name
from config.sources.day_forms import DayForm, day_forms
from config.sources.profile import ExportFile, MadeRows
from models.errors import Refuse
from tasks.intake.files import FILES
from tasks.intake.forms import DAY, FUTURE_DAY, PERSON, REF
from tasks.intake.profiles.checking import own_columns
from tasks.intake.profiles.finding import Finder
from tasks.intake.profiles.gathering import GatheredColumn, gathered, key_of
from tasks.intake.profiles.joining import Finders, JoinedRows
from tasks.intake.profiles.kept_rows import MadeRow, RowBatch, SourceRows
from tasks.intake.profiles.making import MadeColumn
from tasks.intake.profiles.rejected_rows import UNSURE, rejected
from tasks.intake.profiles.row_store import RowStore, SortedRow
from tasks.intake.staging import refuse_too_many
from tasks.intake.tables import DoubtfulRow, WarnedRow
from tasks.intake.unread_days import NotDay

_WARNINGS = "\n"  # between them


class MadePart:
    """The rows of one file of the extract that are made from one file of the source."""

    def __init__(self, source: SourceRows, finders: Finders, made_rows: MadeRows, store: RowStore) -> None:
        self.own, self.file, self.made, self._store = source.own, source.file, made_rows, store
        self._source, self._finders = source, finders
        late = _of_joined(source.file, finders)
        names = {*own_columns(made_rows), *(own_name(condition.column) for condition in late)}
        self._rows = JoinedRows(source, finders, names)
        self._making = source.making(self._rows.at)
        self.days = {column.name for column in FILES[made_rows.rows_of].columns if column.form in {DAY, FUTURE_DAY}}
        self._columns = {name: self._column(name, recipe) for name, recipe in made_rows.columns.items()}
        self._refer()
        self.unsure = set[str]()  # the keys of rows that could not be merged
        self._left_out = self._making.holds(late, every=False) if late else None
        self._only = self._making.holds(made_rows.only, every=True) if made_rows.only else None

    def _column(self, name: str, recipe: Recipe) -> MadeColumn:
        is_day = name in self.days
        making = self._making._replace(days=self._forms(name, recipe)) if is_day else self._making
        one = recipe.model_copy(update={"when_empty": None}) if self.made.one_row_for else recipe
        return making.column(one, is_day=is_day)

    def _refer(self) -> None:
        """Tell the look-ups of which references are made."""
        refs = {column.name for column in FILES[self.made.rows_of].columns if column.form in {REF, PERSON}}
        for name in refs & self.made.columns.keys():
            for own in self.made.columns[name].from_ or ():
                for begins in self._finders:
                    if own_name(own).startswith(begins):
                        self._finders[begins].refers()

    def _forms(self, name: str, recipe: Recipe) -> tuple[DayForm, ...] | None:
        """Return how the files write days from which a column is made. Raises Refuse if they differ too much."""
        forms = [form for own in recipe.from_ or () for form in self._of(own).days or ()]
        try:
            found: tuple[DayForm, ...] = day_forms(list(dict.fromkeys(forms)))
        except ValueError:
            raise Refuse(
                f"{self.made.rows_of}: {name} is made from files that write days otherwise: say day in it."
            ) from None
        return found or None

    def _of(self, name: str) -> SourceRows:
        """Return the file that a column is of."""
        begins = (begins for begins in self._finders if own_name(name).startswith(begins))
        return next((self._finders[each].theirs for each in begins), self._source)

    @property
    def finders(self) -> Sequence[Finder]:
        """The look-ups whose columns it needs."""
        return self._rows.finders

    @property
    def sources(self) -> Sequence[SourceRows]:
        """The files that it is made from."""
        return [self._source, *(finder.theirs for finder in self.finders)]

    @property
    def shown(self) -> list[int]:
        """The places of the source's columns that the profile names, in the source's order."""
        names = self.own.header.names
        wanted = {names[name] for made_rows in self.file.makes for name in own_columns(made_rows) if name in names}
        wanted |= {names[name] for look_up in self.file.look_up for name in look_up.own if name in names}
        return sorted(wanted)

    def rows(self, header: Sequence[str]) -> Iterator[MadeRow]:
        """Yield each made row, its cells in the order of the header: empty in a column that the part does not make."""
        columns = [self._columns.get(name, MadeColumn((), None)) for name in header]
        if self.made.one_row_for is None:
            for batch in self.batches():
                sure, unsure = self._told_apart(batch)
                yield from sure.problems
                yield from self._doubtful(unsure, header, columns)
                yield from zip(sure.lines, self._warned(sure, _cells(sure, columns)), strict=True)
        else:
            problems: list[MadeRow] = []
            lines = self._lines(header, columns, self.made.one_row_for, problems)
            for line, (*cells, doubt, ties), tied in gathered(self._store, lines, self._taken(header)):
                warnings = _WARNINGS.join(filter(None, (ties, self._of_one_day(header, tied))))
                if not doubt or any(cells):
                    yield line, DoubtfulRow(cells, doubt) if doubt else warned(cells, warnings)
            yield from problems

    def _of_one_day(self, header: Sequence[str], tied: set[int]) -> str:
        """Return what there is to warn of where lines of one day differ, and none is the first or the last of them."""
        names = [name for place, name in enumerate(header) if place in tied]
        if not names:
            return ""
        return (
            f"lines that become one row share their {self.made.in_order_of} and differ in {' and '.join(names)}: they "
            "were taken in the order of the file. Say in_order_of a column that differs, or by only which of them count"
        )

    def _taken(self, header: Sequence[str]) -> list[GatheredColumn]:
        usual = self.made.take or Take.LAST
        made = [(name, self.made.columns.get(name)) for name in header]
        taken = [
            GatheredColumn((recipe and recipe.take) or usual, (recipe and recipe.when_empty) or "", name in self.days)
            for name, recipe in made
        ]
        return [*taken, *[GatheredColumn(Take.FIRST, "")] * 2]  # of the doubt, and of ties

    def _lines(
        self, header: Sequence[str], columns: Sequence[MadeColumn], key: Sequence[str], problems: list[MadeRow]
    ) -> Iterator[SortedRow]:
        """Yield the rows that are gathered: key, order, line, made cells, why they are not sure, and ties."""
        keys = [self._making.at[own_name(name)] for name in key]
        order, nothing = self._order(), ("",) * len(header)
        for batch in self.batches():
            sure, unsure = self._told_apart(batch)
            problems += [*sure.problems, *self._doubtful(unsure, header, columns)]
            refuse_too_many(self.made.rows_of, len(problems))
            for line, named in zip(unsure.lines, _named(unsure, keys), strict=True):
                yield named, "", line, *nothing, UNSURE, ""
            orders = order.of(sure.columns, len(sure.lines)) if order else ("",) * len(sure.lines)
            for line, named, at, cells, ties in zip(
                sure.lines, _named(sure, keys), orders, _cells(sure, columns), self._ties(sure), strict=True
            ):
                if not named:
                    problems.append((line, f"has nothing in {' and '.join(key)}, which tells its rows apart"))
                elif isinstance(at, NotDay):
                    problems.append((line, rejected(header, [cells], f"{self.made.in_order_of} {at.reason}")))
                else:
                    yield named, at, line, *cells, "", ties

    def _ties(self, batch: RowBatch) -> Sequence[str]:
        """Return what there is to warn of for each row, since rows that were found for it tie."""
        columns = [batch.columns[place] for place in self._rows.ties]
        return [_WARNINGS.join(filter(None, each)) for each in zip(*columns, strict=True)] or ("",) * len(batch.lines)

    def _warned(self, batch: RowBatch, made: Iterable[Sequence[str]]) -> Iterable[Sequence[str]]:
        ties = self._ties(batch)
        return map(warned, made, ties) if any(ties) else made

    def _order(self) -> MadeColumn | None:
        name = self.made.in_order_of
        return self._making._replace(days=self._of(name).days).order(name) if name else None

    def batches(self) -> Iterator[RowBatch]:
        """Yield the source's rows that are made into something, in batches."""
        for batch in self._rows.batches():
            left = batch.where(self._left_out, holds=False) if self._left_out else batch
            yield left.where(self._only, holds=True) if self._only else left

    def _told_apart(self, batch: RowBatch) -> tuple[RowBatch, RowBatch]:
        """Return the rows of which it is sure what was found for them, and the others."""
        doubts = [any(each) for each in zip(*(batch.columns[place] for place in self._rows.doubts), strict=True)]
        if not any(doubts):
            return batch, RowBatch([], [()] * len(batch.columns), [])
        return batch.only([not each for each in doubts]), batch.only(doubts)

    def _doubtful(self, batch: RowBatch, header: Sequence[str], columns: Sequence[MadeColumn]) -> Iterator[MadeRow]:
        """Yield each row that is not sure, of all that it may be: it is rejected, and its marks count."""
        self.unsure.update(self._merged_by(batch))
        why = [next(filter(None, each)) for each in zip(*(batch.columns[at] for at in self._rows.doubts), strict=True)]
        made = zip(batch.lines, why, _cells(batch, columns), strict=True)
        for line, shared in groupby(made, itemgetter(0)):
            reasons, meant = zip(*((reason, cells) for _, reason, cells in shared), strict=True)
            yield line, rejected(header, meant, next(iter(reasons)))

    def _merged_by(self, batch: RowBatch) -> Iterator[str]:
        """Yield the keys by which rows would be merged with those of other parts."""
        columns = [self._columns[name].of(batch.columns, len(batch.lines)) for name in self.made.merged_by or ()]
        return map(key_of, zip(*columns, strict=True))


def warned(cells: Sequence[str], ties: str) -> Sequence[str]:
    """Return a row with what there is to warn of; as it is if there is nothing."""
    return WarnedRow(cells, ties.split(_WARNINGS)) if ties else cells


def warnings_of(row: Sequence[str]) -> str:
    """Return the same of a row, as one text."""
    return _WARNINGS.join(row.warnings) if isinstance(row, WarnedRow) else ""


def _cells(batch: RowBatch, columns: Sequence[MadeColumn]) -> Iterator[tuple[str, ...]]:
    """Yield the made cells of each row."""
    return zip(*(column.of(batch.columns, len(batch.lines)) for column in columns), strict=True)


def _named(batch: RowBatch, keys: Sequence[int]) -> Iterator[str]:
    """Yield the key of each row; empty if none of its cells is filled."""
    for cells in zip(*(batch.columns[place] for place in keys), strict=True):
        yield "\x1f".join(map(folded, cells)) if any(cells) else ""


def _of_joined(file: ExportFile, finders: Finders) -> list[Condition]:
    """Return the conditions of leave_out that ask for what was looked up."""
    return [each for each in file.leave_out or () if own_name(each.column).startswith(tuple(finders))]

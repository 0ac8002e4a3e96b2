"""Rows of a source's file with the columns beside their own that were looked up for them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from config.sources.cells import own_name
from models.errors import Refuse
from tasks.intake.profiles.finding import BETWEEN, Finder
from tasks.intake.profiles.gathering import key_of
from tasks.intake.profiles.kept_rows import KeptRows, RowBatch, SourceRows
from tasks.intake.profiles.making import MadeColumn

Finders = Mapping[str, Finder]  # by what the names of their columns begin with, in the order of the profile


class _Join(NamedTuple):
    finder: Finder
    keys: Sequence[MadeColumn]
    columns: Sequence[str]  # of the other file


class JoinedRows:
    """The rows of a file, with the columns that are named. Raises Refuse where there is none of a name."""

    def __init__(self, source: SourceRows, finders: Finders, names: set[str]) -> None:
        self._check_names(source, finders)
        wanted, columns = set(names), dict[str, list[str]]()
        for begins, finder in reversed([*finders.items()]):
            columns[begins] = sorted(name.removeprefix(begins) for name in wanted if name.startswith(begins))
            wanted -= {f"{begins}{name}" for name in columns[begins]}
            if columns[begins]:
                finder.want(columns[begins])
                wanted |= finder.look_up.own
        self._kept: KeptRows = source.kept(wanted)
        self.at, self.doubts, self.ties = dict(self._kept.at), list[int](), list[int]()
        self._width = len(source.own.header.written)
        self._joins = [self._join(source, finders[begins], columns[begins]) for begins in finders if columns[begins]]

    @staticmethod
    def _check_names(source: SourceRows, finders: Finders) -> None:
        for begins, finder in finders.items():
            if same := sorted(name for name in source.own.header.names if name.startswith(begins)):
                raise Refuse(
                    f'{source.own.name} has a column "{same[0]}" of its own: its look_up needs another name than '
                    f"{finder.look_up.as_}."
                )

    def _join(self, source: SourceRows, finder: Finder, columns: Sequence[str]) -> _Join:
        """Give the columns of a look-up their places, after those of ties and of why it is not sure what is found."""
        making = source.making(dict(self.at))
        keys = [making.column(key.own, is_day=False) for key in finder.look_up.by]
        self.ties.append(self._width)
        self.doubts.append(self._width + 1)
        for place, name in enumerate(columns, self._width + 2):
            self.at[own_name(f"{finder.look_up.as_} / {name}")] = place
        self._width += 2 + len(columns)
        return _Join(finder, keys, columns)

    @property
    def finders(self) -> list[Finder]:
        """The look-ups that are made."""
        return [join.finder for join in self._joins]

    def batches(self) -> Iterator[RowBatch]:
        """Yield the rows in batches."""
        for batch in self._kept.batches():
            for join in self._joins:
                batch = _apart(_add(batch, join), len(join.columns))  # noqa: PLW2901  each join widens it
            yield batch


def _add(batch: RowBatch, join: _Join) -> RowBatch:
    """Add the columns of a look-up. What is not found is empty."""
    many = len(batch.lines)
    keys = [key_of(parts) for parts in zip(*(key.of(batch.columns, many) for key in join.keys), strict=True)]
    found = join.finder.find(keys)
    ties = {key: join.finder.warning(tie, join.columns) for key, (_, tie, *_) in found.items() if tie}
    batch.columns.append([ties.get(key, "") for key in keys] if ties else ("",) * many)
    for place in (0, *map(join.finder.place, join.columns)):
        batch.columns.append([found[key][place] if key in found else "" for key in keys])
    return batch


def _apart(batch: RowBatch, added: int) -> RowBatch:
    """Return the rows, and one of which it is not sure what is found for it once for each that may be meant.

    One that is not sure already is so but for its first: as many are kept as what is found, not as may be combined.
    """
    begins = len(batch.columns) - added
    if not any(batch.columns[begins - 1]):
        return batch
    lines, apart, before = list[int](), list[Sequence[str]](), None
    for line, row in zip(batch.lines, zip(*batch.columns, strict=True), strict=True):
        found = row[begins:]
        meant = [*zip(*(cell.split(BETWEEN) for cell in found), strict=True)] if row[begins - 1] else [found]
        meant = meant if line != before else meant[:1]
        apart += [(*row[:begins], *cells) for cells in meant]
        lines += [line] * len(meant)
        before = line
    return RowBatch(lines, [*zip(*apart, strict=True)], batch.problems)

"""Rows that are looked up in another file of the source: for each key, the cells of the one that counts."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from config.sources.cells import folded, own_name
from config.sources.look_ups import LookUp, WorstOf
from models.errors import Refuse
from tasks.intake.forms import MOST_LISTED
from tasks.intake.profiles.gathering import add_members, key_of
from tasks.intake.profiles.kept_rows import KeptRows, SourceRows
from tasks.intake.profiles.making import CellCache, MadeColumn, Making
from tasks.intake.profiles.row_store import KeyedRows, RowStore, SortedRow
from tasks.intake.profiles.ties import Tie, tied
from tasks.intake.unread_days import NotDay, NotNumber

_Found = Mapping[str, Sequence[Any]]  # by key: why it is not sure what counts, a tie between rows, and the cells
_DIGITS = 20
_NUMBER = re.compile(f"[0-9]{{1,{_DIGITS}}}")
LONGEST = 10_000  # characters of a cell; no column of ours reads as many
BETWEEN = "\x1e"  # the cells of several rows of which it is not sure which is meant
_WORST, _NONE = "!", "~"  # sort before and after the numbers of an order


class Finder:
    """A look-up in another file, which is read once, when something is first looked up in it."""

    def __init__(self, look_up: LookUp, theirs: SourceRows, store: RowStore) -> None:
        self.look_up, self.theirs, self._store = look_up, theirs, store
        self._wanted: dict[str, None] = {}
        self._found: KeyedRows | None = None
        self._refers = False
        self._keys = self._names = 0
        self.misread = 0  # rows of the other file that cannot be read

    def want(self, columns: Iterable[str]) -> None:
        """Ask for some of the other file's columns, before anything is found. Raises Refuse if it has none such."""
        self._wanted |= dict.fromkeys(columns)
        self._kept()

    def refers(self) -> None:
        """Say that references are made of what is found: it may then not be found by names."""
        self._refers = True

    def place(self, column: str) -> int:
        """Return the place of a column among what is found."""
        return 2 + [*self._wanted].index(column)

    def warning(self, tie: str, columns: Sequence[str]) -> str:
        """Return what there is to warn of where rows of a key tie and differ in one of these columns; else nothing."""
        names = [*self._wanted]
        return tied(tie, self.look_up, self.theirs.own, {names.index(column) for column in columns}, names)

    def find(self, keys: Sequence[str]) -> _Found:
        """Return what is found of these keys. Raises Refuse if references would be found by names."""
        if self._found is None:
            self._found = self._store.keyed(self._picked(), len(self._wanted) + 2)
            if self._refers and self._names * 2 > self._keys:
                raise Refuse(
                    f"{self.theirs.own.name}: {self.look_up.as_} is looked up by names, and two people may share one, "
                    "or one be written in two ways: look it up by a number."
                )
        return self._found.find(dict.fromkeys(filter(None, keys)))

    def _kept(self) -> KeptRows:
        return self.theirs.kept({*self._wanted, *self.look_up.theirs})

    def _picked(self) -> Iterator[Sequence[Any]]:
        """Yield each key with why it is not sure what counts, what ties, and the cells."""
        rows = self._store.in_order(self._rows(), len(self._wanted) + 1)
        pick = self._all if self.look_up.all_ else self._one
        for key, shared in groupby(rows, itemgetter(0)):
            yield [key, *pick(shared)]

    def _all(self, rows: Iterator[SortedRow]) -> list[str]:
        members: list[dict[str, None]] = [{} for _ in self._wanted]
        for _, _, _, _, *cells in rows:
            for listed, cell in zip(members, cells, strict=True):
                if cell:
                    add_members(listed, cell)
        return ["", "", *map(";".join, members)]

    def _one(self, rows: Iterator[SortedRow]) -> list[str]:
        look_up = self.look_up
        _, order, first, doubt, *picked = next(rows)
        meant, tie = {tuple(picked): None}, Tie(picked)
        for _, other, line, its_doubt, *cells in rows:
            doubt = doubt or its_doubt
            if len(meant) < MOST_LISTED:
                meant[tuple(cells)] = None
            counts = look_up.newest_by or look_up.highest_by or (look_up.oldest_by and not order)
            if other == order:
                tie.add(cells)
            elif counts:
                tie = Tie(cells)
            if counts:
                order, picked = other, cells
            elif not look_up.chooses and cells != picked:
                doubt = doubt or (
                    f"finds rows of {self.theirs.own.name} that differ (lines {first} and {line}), and its look_up "
                    "does not say which of them counts"
                )
        if doubt:
            return [f"{look_up.as_} {doubt}", "", *map(_several, zip(*meant, strict=True))]
        return ["", tie.text(order) if look_up.ordered_by else "", *picked]

    def _rows(self) -> Iterator[SortedRow]:
        """Yield the other file's rows: key, order, line, why the order cannot be read, and the cells."""
        kept = self._kept()
        making = self.theirs.making(kept.at)
        keys = [making.column(key.theirs, is_day=False) for key in self.look_up.by]
        only = making.holds(self.look_up.where, every=True) if self.look_up.where else None
        order = _order(self.look_up, making)
        for batch in kept.batches():
            self.misread += len(batch.problems)
            rows = batch.where(only, holds=True) if only else batch
            many = len(rows.lines)
            shared = zip(*(key.of(rows.columns, many) for key in keys), strict=True)
            orders = order.of(rows.columns, many) if order else ("",) * many
            cells = zip(*(rows.columns[kept.at[name]] for name in self._wanted), strict=True)
            for line, parts, at, wanted in zip(rows.lines, shared, orders, cells, strict=True):
                if key := key_of(parts):
                    self._keys += 1
                    self._names += " " in key and not any(map(str.isdigit, key))
                    doubt = f"{self.look_up.ordered_by} {at.reason}" if isinstance(at, NotDay) else ""
                    where = f" (line {line} of {kept.own.name})" if doubt else ""
                    yield key, "" if doubt else at, line, doubt + where, *(cell.strip()[:LONGEST] for cell in wanted)


def _several(cells: Iterable[str]) -> str:
    return BETWEEN.join(cell.replace(BETWEEN, " ") for cell in cells)


def _order(look_up: LookUp, making: Making) -> MadeColumn | None:
    """Return the column by which the rows of one key are put in order."""
    if look_up.worst_of is not None:
        place = making.at[own_name(look_up.worst_of.column)]
        return MadeColumn((place,), CellCache(_badness(look_up.worst_of), of_several=False))
    if look_up.highest_by is not None:
        return MadeColumn((making.at[own_name(look_up.highest_by)],), CellCache(_height, of_several=False))
    return making.order(look_up.in_order_of) if look_up.in_order_of else None


def _height(cell: str) -> str:
    """Return what sorts as whole numbers do, the highest last; a NotNumber for a cell that is none."""
    text = cell.strip()
    if _NUMBER.fullmatch(text):
        return text.rjust(_DIGITS, "0")
    return NotNumber(text) if text else ""


def _badness(worst: WorstOf) -> Any:
    """Return the function from a cell to what sorts the worst first: before all a cell that the order does not name."""
    places = {folded(name): f"{place:06}" for place, name in enumerate(worst.order)}

    def make(cell: str) -> str:
        text = folded(cell)
        return places.get(text, _WORST) if text else _NONE

    return make

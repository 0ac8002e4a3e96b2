"""Rows of one key of which a look-up does not choose one: they share the newest day, or the highest number.

One is taken all the same, and where they differ in what is read of them, a warning says so.
"""

from collections.abc import Collection, Sequence

from config.sources.look_ups import LookUp
from tasks.intake.profiles.own_rows import OwnRows


class Tie:
    """The rows of one key that share an order: how many they are, and the places of the cells in which they differ."""

    def __init__(self, cells: Sequence[str]) -> None:
        self._cells, self._rows = cells, 1
        self._differ = set[int]()

    def add(self, cells: Sequence[str]) -> None:
        """Add a row of the same order."""
        self._rows += 1
        self._differ.update(at for at, (one, cell) in enumerate(zip(self._cells, cells, strict=True)) if one != cell)

    def text(self, order: str) -> str:
        """Return what is stored of it: nothing where the rows do not differ."""
        return " ".join(map(str, (self._rows, int(bool(order)), *sorted(self._differ)))) if self._differ else ""


def tied(text: str, look_up: LookUp, own: OwnRows, wanted: Collection[int], names: Sequence[str]) -> str:
    """Return the warning of a stored tie, if its rows differ in one of the wanted cells; else nothing."""
    rows, has_order, *places = map(int, text.split())
    written = [own.header.written[own.header.names[names[at]]] for at in places if at in wanted]
    if not written:
        return ""
    which = "newest" if look_up.newest_by else "oldest" if look_up.oldest_by else "highest"
    share = f"share the {which} {look_up.ordered_by}" if has_order else f"have no {look_up.ordered_by}"
    taken = "first" if look_up.oldest_by and has_order else "last"
    return (
        f"{look_up.as_}: {rows} rows of {own.name} {share} and differ in {' and '.join(written)}: the {taken} in the "
        "file was taken. Say in the look_up which of them counts: by where, or by a column that differs"
    )

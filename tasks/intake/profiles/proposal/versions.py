"""Columns that number the rows of a thing, the newest the highest, and whether a column of days says the same."""

from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import TypeVar

from config.sources.day_forms import day_forms, order_of
from tasks.intake.profiles.proposal.fitting import days_fit
from tasks.intake.profiles.proposal.looking import LookedAt
from tasks.intake.profiles.proposal.naming import title_words
from tasks.intake.profiles.proposal.vocabulary import vocabulary

T = TypeVar("T")


def version_of(theirs: LookedAt, keys: Sequence[str]) -> str | None:
    """Return the column that numbers the rows of a key, from 1 on."""
    for title in (title for title in theirs.header.written if {*title_words(title).split()} & {*vocabulary().versions}):
        rows = _by_key(theirs, keys, theirs.cells(title))
        if all(sorted(cells) == [str(number + 1) for number in range(len(cells))] for cells in rows if len(cells) < 10):
            return title
    return None


def are_in_order(theirs: LookedAt, keys: Sequence[str], day: str, version: str) -> bool:
    """Return whether the rows of each key, by day and then as they lie in the file, are in the order of versions."""
    forms = day_forms(days_fit(theirs.cells(day), theirs.always).recipe.get("days", ()))
    days = [order_of(cell.strip(), (*theirs.always, *forms)) or "" for cell in theirs.cells(day)]
    pairs = _by_key(theirs, keys, [*zip(days, map(int, theirs.cells(version)), strict=True)])
    return all(
        [number for _, number in sorted(rows, key=itemgetter(0))] == sorted(map(itemgetter(1), rows)) for rows in pairs
    )


def _by_key(theirs: LookedAt, keys: Sequence[str], cells: Sequence[T]) -> Iterable[list[T]]:
    found: dict[tuple[str, ...], list[T]] = {}
    for key, cell in zip(zip(*map(theirs.cells, keys), strict=True), cells, strict=True):
        found.setdefault(key, []).append(cell)
    return found.values()

"""Rows of one key that share the day, or the number, by which one of them would count, though they differ."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from config.sources.day_forms import day_forms, order_of
from tasks.intake.profiles.proposal.choosing import Choice
from tasks.intake.profiles.proposal.fitting import days_fit
from tasks.intake.profiles.proposal.keys import Side, keys_in
from tasks.intake.profiles.proposal.looking import LookedAt
from tasks.intake.profiles.proposal.states import RowState

_WAYS = {"newest_by": "newest", "oldest_by": "oldest", "highest_by": "highest"}
_DIGITS = 20
RowsOfKeys = Mapping[tuple[str, ...], Sequence[int]]


class Ties(NamedTuple):
    """How many keys have rows that a choice does not tell apart, in which columns they differ, and what they share."""

    keys: int
    titles: frozenset[str]
    shared: str


def rows_of_keys(theirs: LookedAt, sides: Sequence[Side], state: RowState) -> RowsOfKeys:
    """Return the numbers of the rows that count, by their keys."""
    rows: dict[tuple[str, ...], list[int]] = {}
    for number, key in enumerate(keys_in(theirs, sides)):
        if key and state.counts(theirs, number):
            rows.setdefault(key, []).append(number)
    return rows


def ties_of(theirs: LookedAt, rows: RowsOfKeys, choice: Choice) -> Ties | None:
    """Return what a choice leaves open; None if it tells all rows apart that differ in what it is made for."""
    way = next((way for way in _WAYS if way in choice.how), None)
    if way is None:
        return None
    title = choice.how[way]
    orders = _orders(theirs, title, is_number=way == "highest_by")
    columns = {name: theirs.cells(name) for name in choice.titles}
    keys, titles = 0, set[str]()
    for numbers in rows.values():
        filled = [orders[number] for number in numbers if orders[number]] or [""]
        best = min(filled) if way == "oldest_by" else max(filled)
        tied = [number for number in numbers if orders[number] == best]
        differ = {name for name, cells in columns.items() if len({cells[number].strip() for number in tied}) > 1}
        keys += bool(differ)
        titles |= differ
    return Ties(keys, frozenset(titles), f"the {_WAYS[way]} {title}") if keys else None


def _orders(theirs: LookedAt, title: str, *, is_number: bool) -> Sequence[str]:
    """Return what sorts as a column of days, or of numbers; empty for a cell that is none."""
    cells = [cell.strip() for cell in theirs.cells(title)]
    if is_number:
        return [cell.rjust(_DIGITS, "0") if cell else "" for cell in cells]
    forms = day_forms(days_fit(cells, theirs.always).recipe.get("days", ()))
    return [order_of(cell, (*theirs.always, *forms)) or "" for cell in cells]

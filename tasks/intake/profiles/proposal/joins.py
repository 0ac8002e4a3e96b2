"""Which files of an export belong together: by columns whose cells are those of another file's column, as measured."""

from collections.abc import Collection, Iterator, Sequence
from pathlib import PurePath
from typing import Any, NamedTuple

from config.sources.cells import folded, own_name
from config.sources.day_forms import ALWAYS, day_form, read_day
from tasks.intake.profiles.own_rows import OwnHeader
from tasks.intake.profiles.proposal.looking import LookedAt
from tasks.intake.profiles.proposal.vocabulary import vocabulary

ENOUGH = 0.8  # of the keys, below which files are not said to belong together
FEWEST = 2  # keys that differ, below which nothing was measured


class Join(NamedTuple):
    """A look-up that may be made: in which file, by which columns, how many keys were found, and which row counts."""

    name: str
    theirs: LookedAt
    own: str
    key: str
    found: int
    keys: int
    choice: dict[str, Any]  # keys of a look_up that say which of several rows counts

    @property
    def titles(self) -> list[str]:
        """The names that its columns have where they are looked up."""
        return [f"{self.name} / {title}" for title in self.theirs.header.written]


def joins_of(looked: LookedAt, others: Sequence[LookedAt]) -> Iterator[Join]:
    """Yield the look-ups of a file in others with a column of the same name, whose keys are its keys."""
    for theirs in others:
        shared = [name for name in looked.header.names if name in theirs.header.names and theirs is not looked]
        measured = [join for name in shared if (join := _measured(looked, theirs, name))]
        if measured:
            yield max(measured, key=lambda join: (join.found / join.keys, join.keys))


def _measured(looked: LookedAt, theirs: LookedAt, name: str) -> Join | None:
    own, key = _column(looked, name), _column(theirs, name)
    keys, others = set(filter(None, own)), [cell for cell in key if cell]
    several = len(set(others)) < len(others)
    one, other = (set(others), keys) if several else (keys, set(others))
    if len(one) < FEWEST or len(one & other) < ENOUGH * len(one) or not any(map(_has_digit, one)):
        return None
    if several and len(keys) < len([*filter(None, own)]):  # neither file has one row for a key
        return None
    stem = PurePath(theirs.read).stem.partition("{")[0].strip(" _-") or theirs.read
    choice = _choice(theirs) if several else {}
    if choice is None:
        return None
    own_title, key_title = (file.header.written[file.header.names[name]] for file in (looked, theirs))
    return Join(stem, theirs, own_title, key_title, len(one & other), len(one), choice)


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


def _column(looked: LookedAt, name: str) -> list[str]:
    place = looked.header.names[name]
    return [folded(cell) for cell in looked.columns[place]] if place < len(looked.columns) else []


def _choice(theirs: LookedAt) -> dict[str, Any] | None:
    """Return which of several rows counts; None where it has to be asked: all of codes, else the newest day's."""
    titles = theirs.header.written
    if any(own_name(title) in vocabulary().headers["offence_codes"] for title in titles):
        return {"all": True}
    days = [title for title, cells in zip(titles, theirs.columns, strict=False) if title and are_days(cells)]
    return {"newest_by": days[0]} if len(days) == 1 else None


def are_days(cells: Sequence[str]) -> bool:
    """Return whether the cells of a column that are filled are days."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    words = vocabulary().days
    forms = (*ALWAYS, *(day_form(f"{form}{clock}") for form in words.written for clock in words.clocks))
    return bool(filled) and all(read_day(cell, forms) for cell in filled[:20])


def joined(looked: LookedAt, joins: Sequence[Join]) -> LookedAt:
    """Return a file with the columns that these look-ups would find for the rows that were looked at."""
    written, columns = [*looked.header.written], [*looked.columns]
    for join in joins:
        own = _column(looked, own_name(join.own))
        rows: dict[str, list[int]] = {}
        for number, key in enumerate(_column(join.theirs, own_name(join.key))):
            rows.setdefault(key, []).append(number)
        for title, cells in zip(join.titles, join.theirs.columns, strict=False):
            written.append(title)
            columns.append([_found(cells, rows.get(key, []) if key else [], join) for key in own])
    return looked._replace(header=OwnHeader.of([written], looked.read), columns=columns)


def _found(cells: Sequence[str], rows: Sequence[int], join: Join) -> str:
    found = [cells[row] for row in rows if cells[row].strip()]
    return ";".join(dict.fromkeys(found)) if join.choice.get("all") else next(iter(found), "")


def staff_numbers(files: Sequence[LookedAt]) -> frozenset[str]:
    """Return the numbers of staff in the export, where all have as many digits, so that others are padded to them."""
    for looked in files:
        names = [name for name in vocabulary().headers["contact_ref"] if name in looked.header.names]
        if names and any(name in looked.header.names for name in vocabulary().headers["email"]):
            numbers = frozenset(filter(None, _column(looked, names[0])))
            if numbers and all(map(str.isdigit, numbers)) and len({len(number) for number in numbers}) == 1:
                return numbers
    return frozenset()


def of_staff(cells: Sequence[str], numbers: Collection[str]) -> int | None:
    """Return to how many digits a cell's own are padded to be a number of staff; None if most are none."""
    filled = ["".join(filter(str.isdigit, cell)) for cell in cells if cell.strip()]
    digits = len(next(iter(numbers), ""))
    found = sum(number.rjust(digits, "0") in numbers for number in filled if number)
    return digits if digits > 1 and filled and found >= ENOUGH * len(filled) else None

"""Which files of an export belong together: by columns whose cells are those of another file's column, as measured."""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import partial
from itertools import product
from pathlib import PurePath
from typing import Any, NamedTuple

from config.sources.cells import folded, own_name
from tasks.intake.profiles.own_rows import OwnHeader
from tasks.intake.profiles.proposal.fitting import are_days
from tasks.intake.profiles.proposal.looking import LookedAt
from tasks.intake.profiles.proposal.matching import NEARLY
from tasks.intake.profiles.proposal.vocabulary import vocabulary

ENOUGH = 0.8  # of the keys, below which files are not said to belong together
FEWEST = 2  # keys that differ, below which nothing was measured
ENOUGH_ALONE, FEWEST_ALONE = 0.95, 3  # the same, where the headers differ
LONG = 6  # characters of a key that is not in another column by chance
_BORN = re.compile("dob|d o b|birth|born", re.IGNORECASE)  # a day that says nothing of which row is the newest
_OF_ANY_KEY = {"ref", "reference", "number", "num", "code", "key"}


class Join(NamedTuple):
    """A look-up that may be made: in which file, by which columns, how many keys were found, and which row counts."""

    name: str
    theirs: LookedAt
    own: str
    key: str
    found: int
    keys: int
    choice: dict[str, Any]  # keys of a look_up that say which of several rows counts
    rivals: tuple["Join", ...] = ()  # in the same file, by other columns whose keys are there as well

    @property
    def begins(self) -> str:
        """The beginning of the names that its columns have where they are looked up."""
        return f"{self.name} / "

    @property
    def titles(self) -> list[str]:
        """The names that its columns have where they are looked up."""
        return [f"{self.begins}{title}" for title in self.theirs.header.written]

    @property
    def is_alike(self) -> bool:
        """Whether both files call its column the same."""
        return own_name(self.own) == own_name(self.key)

    @property
    def share(self) -> float:
        """The part of the keys that were found."""
        return self.found / self.keys


def joins_of(looked: LookedAt, others: Sequence[LookedAt]) -> Iterator[Join]:
    """Yield the look-ups of a file in others that hold its keys: in a column of the same name, else in any."""
    for theirs in others:
        if theirs is looked:
            continue
        alike = [(name, name) for name in looked.header.names if name in theirs.header.names]
        measured = [join for own, key in alike if (join := _measured(looked, theirs, own, key))]
        found = measured or [*_by_cells_alone(looked, theirs)]
        if not found:
            continue
        best = max(found, key=lambda join: (join.share, join.keys))
        rivals = [join for join in found if not measured and join is not best and join.share >= best.share - NEARLY]
        yield best._replace(rivals=tuple(rivals))


def _by_cells_alone(looked: LookedAt, theirs: LookedAt) -> Iterator[Join]:
    """Yield look-ups by columns of other names: nearly every key is there, and is none that may be there by chance."""
    ours, keys = ([*filter(partial(_is_key, file), file.header.names)] for file in (looked, theirs))
    for own, key in product(ours, keys):
        join = _measured(looked, theirs, own, key)
        if join is None or join.keys < FEWEST_ALONE or join.share < ENOUGH_ALONE:
            continue
        if _have_a_word_in_common(own, key) or all(len(cell) >= LONG for cell in _column(looked, own) if cell):
            yield join


def _is_key(looked: LookedAt, name: str) -> bool:
    cells = looked.columns[looked.header.names[name]] if looked.columns else []
    return all(map(_has_digit, filter(None, cells))) and any(cells) and not are_days(cells, looked.always)


def _have_a_word_in_common(one: str, other: str) -> bool:
    """Return whether two headers name one thing: part of one begins part of the other, as occ and occurrence."""
    first, second = (set(re.findall(r"[a-z]{3,}", name)) - _OF_ANY_KEY for name in (one, other))
    return any(word.startswith(each) or each.startswith(word) for word in first for each in second)


def _measured(looked: LookedAt, theirs: LookedAt, own_column: str, key_column: str) -> Join | None:
    own, key = _column(looked, own_column), _column(theirs, key_column)
    keys, others = set(filter(None, own)), [cell for cell in key if cell]
    several = len(set(others)) < len(others)
    one, other = (set(others), keys) if several else (keys, set(others))
    if len(one) < FEWEST or len(one & other) < ENOUGH * len(one) or not any(map(_has_digit, one)):
        return None
    if several and len(keys) < len([*filter(None, own)]):  # neither file has one row for a key
        return None
    stem = theirs.sheet or PurePath(theirs.read).stem.partition("{")[0].strip(" _-") or theirs.read
    choice = _choice(theirs) if several else {}
    if choice is None:
        return None
    own_title, key_title = looked.title(looked.header.names[own_column]), theirs.title(theirs.header.names[key_column])
    return Join(stem, theirs, own_title, key_title, len(one & other), len(one), choice)


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


def _column(looked: LookedAt, name: str) -> list[str]:
    place = looked.header.names[name]
    return [folded(cell) for cell in looked.columns[place]] if place < len(looked.columns) else []


def _choice(theirs: LookedAt) -> dict[str, Any] | None:
    """Return which of several rows counts; None where it has to be asked: all of codes, else the newest day's."""
    titles = theirs.header.written
    if any(own_name(title).replace("_", " ") in vocabulary().headers["offence_codes"] for title in titles):
        return {"all": True}
    named = [(title, cells) for title, cells in zip(titles, theirs.columns, strict=False) if title]
    days = [title for title, cells in named if not _BORN.search(title) and are_days(cells, theirs.always)]
    return {"newest_by": days[0]} if len(days) == 1 else None


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

"""Which files of an export belong together: by columns whose cells are those of another file's column, as measured."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import product
from pathlib import PurePath
from typing import Any, NamedTuple

from config.sources.cells import folded, own_name
from tasks.intake.profiles.own_rows import OwnHeader
from tasks.intake.profiles.proposal.choosing import Choice, choices
from tasks.intake.profiles.proposal.fitting import are_days
from tasks.intake.profiles.proposal.keys import JoinKey, key_of, keys_in
from tasks.intake.profiles.proposal.looking import LookedAt
from tasks.intake.profiles.proposal.matching import NEARLY
from tasks.intake.profiles.proposal.naming import names_of_staff, title_words
from tasks.intake.profiles.proposal.several import differs
from tasks.intake.profiles.proposal.states import RowState, state_of
from tasks.intake.profiles.proposal.tied_rows import rows_of_keys, ties_of
from tasks.intake.profiles.proposal.versions import version_of
from tasks.platform.text import number_of

ENOUGH = 0.8  # of the keys, below which files are not said to belong together
FEWEST = 2  # keys that differ, below which nothing was measured
ENOUGH_ALONE, FEWEST_ALONE = 0.95, 3  # the same, where the headers differ
FEW = 0.1  # of the keys have several rows
LONG = 6  # characters of a key that is not in another column by chance
_NAMES = ("First", "Newest", "Other")  # of look-ups in one file that choose other rows
_OF_ANY_KEY = {"ref", "reference", "no", "id", "code", "key"}


class Join(NamedTuple):
    """A look-up that may be made: in which file, by which columns, how many keys were found, and which row counts."""

    name: str
    theirs: LookedAt
    by: tuple[JoinKey, ...]
    found: int
    keys: int
    repeated: int = 0  # keys that have several rows there
    identifies: bool = False  # whether each key has one row in either file
    choice: Choice = Choice({})
    state: RowState = RowState()
    rivals: tuple["Join", ...] = ()  # in the same file, by other columns whose keys are there as well
    asked: str = ""  # what has to be said before it can be made

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
        """Whether both files call its columns the same."""
        return all(key.is_alike for key in self.by)

    @property
    def is_open(self) -> bool:
        """Whether somebody has to say something before it can be made."""
        return bool(self.rivals or self.asked)

    @property
    def doubt(self) -> str:
        """The question of which rows count, if it is one."""
        return self.asked or self.state.doubt

    @property
    def share(self) -> float:
        """The part of the keys that were found."""
        return self.found / self.keys

    @property
    def how(self) -> dict[str, Any]:
        """The keys of a look_up that say which rows count."""
        where = [*self.state.where, *self.choice.how.get("where", ())]
        counts = {"where": where if len(where) > 1 else where[0]} if where else {}
        return counts | {key: value for key, value in self.choice.how.items() if key != "where"}

    def is_by(self, title: str) -> bool:
        """Return whether a column of the own file is a part of its key."""
        return any(own_name(key.own.title) == own_name(title) for key in self.by)


def joins_of(looked: LookedAt, others: Sequence[LookedAt]) -> Iterator[Join]:
    """Yield the look-ups of a file in others that hold its keys: in a column of the same name, else in any.

    Where they share the keys of a case and of a person, both are needed: a person may be of several cases.
    """
    for theirs in others:
        if theirs is looked:
            continue
        alike = [name for name in looked.header.names if name in theirs.header.names]
        measured = [join for name in alike if (join := _measured(looked, theirs, [(name, name)]))]
        apart = [*_by_cells_alone(looked, theirs)]
        found = [*_by_several(looked, theirs), *measured] or apart
        if not found:
            continue
        best = max(found, key=lambda join: (len(join.by), join.identifies, join.share, join.keys))
        like = [join for join in found if join is not best and join.identifies == best.identifies]
        rivals = [join for join in like if not join.is_alike and join.share >= best.share - NEARLY]
        yield from _chosen(best._replace(rivals=tuple(rivals)))


def _chosen(join: Join) -> Iterator[Join]:
    """Yield the look-ups that choose one of several rows, each for its columns, and one that asks for the others."""
    if not join.repeated:
        yield join
        return
    keys = [key.theirs.title for key in join.by]
    found = choices(join.theirs, keys)
    for name, choice in zip((join.name, *(f"{each} {join.name}" for each in _NAMES)), found, strict=False):
        yield from _told_apart(join._replace(name=name, choice=choice))
    taken = {title for choice in found for title in choice.titles}
    rest = [title for title in join.theirs.header.written if title and title not in taken]
    differ = {title for title in rest if differs(join.theirs, keys, join.theirs.cells(title), filled=False)}
    if agreed := tuple(title for title in rest if title not in differ):
        yield join._replace(name=f"Any {join.name}" if found else join.name, choice=Choice({}, agreed))
    if differ:
        asked = f"{join.repeated} of {number_of(join.keys, 'key')} have several rows there: which of them counts?"
        yield join._replace(name=f"One {join.name}", choice=Choice({}, tuple(differ)), asked=asked)


def _told_apart(join: Join) -> Iterator[Join]:
    """Yield a look-up for the columns in which its choice tells rows apart, and one that asks for the others."""
    ties = ties_of(join.theirs, rows_of_keys(join.theirs, [key.theirs for key in join.by], join.state), join.choice)
    if ties is None:
        yield join
        return
    sure, tied = ([t for t in join.choice.titles if (t in ties.titles) is is_tied] for is_tied in (False, True))
    if sure:
        yield join._replace(choice=join.choice._replace(titles=tuple(sure)))
    share = f"{number_of(ties.keys, 'key')} {'has' if ties.keys == 1 else 'have'}"
    asked = f"{share} several rows of {ties.shared} that differ: which of them counts?"
    yield join._replace(name=f"Tied {join.name}", choice=join.choice._replace(titles=tuple(tied)), asked=asked)


def _by_several(looked: LookedAt, theirs: LookedAt) -> Iterator[Join]:
    """Yield the look-up by all keys that name things, of the same name or not."""
    ours, keys = ([name for name in file.header.names if _names_a_thing(file, name)] for file in (looked, theirs))
    pairs = [pair for pair in product(ours, keys) if _are_one_thing(looked, theirs, *pair)]
    is_clear = all(len({pair[side] for pair in pairs}) == len(pairs) for side in (0, 1))
    if len(pairs) > 1 and is_clear and (join := _measured(looked, theirs, pairs)):
        yield join


def _are_one_thing(looked: LookedAt, theirs: LookedAt, own: str, key: str) -> bool:
    """Return whether two columns name one thing: by their names, or since the cells of one are all in the other."""
    if own == key:
        return True
    by = key_of(looked, theirs, own, key)
    one, other = ({*filter(None, keys_in(file, [side]))} for file, side in ((looked, by.own), (theirs, by.theirs)))
    few = min(len(one), len(other))
    is_there = few >= FEWEST_ALONE and len(one & other) >= ENOUGH_ALONE * few
    return is_there and _name_one_thing(_words(looked, own), _words(theirs, key))


def _names_a_thing(looked: LookedAt, name: str) -> bool:
    """Return whether a header is of the number of a thing, and not of somebody who works on it."""
    words = _words(looked, name) if _is_key(looked, name) else []
    return len(words) > 1 and not {*words}.isdisjoint(_OF_ANY_KEY) and " ".join(words) not in names_of_staff()


def _words(looked: LookedAt, name: str) -> list[str]:
    return title_words(looked.title(looked.header.names[name])).split()


def _by_cells_alone(looked: LookedAt, theirs: LookedAt) -> Iterator[Join]:
    """Yield look-ups by columns of other names: nearly every key is there, and is none that may be there by chance."""
    ours, keys = ([*filter(partial(_is_key, file), file.header.names)] for file in (looked, theirs))
    for own, key in product(ours, keys):
        join = _measured(looked, theirs, [(own, key)])
        if join is None or join.keys < FEWEST_ALONE or join.share < ENOUGH_ALONE:
            continue
        if _name_one_thing(_words(looked, own), _words(theirs, key)) or all(
            len(cell) >= LONG for cell in _column(looked, own) if cell
        ):
            yield join


def _is_key(looked: LookedAt, name: str) -> bool:
    cells = looked.columns[looked.header.names[name]] if looked.columns else []
    return all(map(_has_digit, filter(None, cells))) and any(cells) and not are_days(cells, looked.always)


def _name_one_thing(one: Sequence[str], other: Sequence[str]) -> bool:
    """Return whether two headers name one thing: part of one begins part of the other, or both are of staff."""
    first, second = ({word for word in words if len(word) > 2} - _OF_ANY_KEY for words in (one, other))
    if any(word.startswith(each) or each.startswith(word) for word in first for each in second):
        return True
    return {" ".join(one), " ".join(other)} <= names_of_staff()


def _measured(looked: LookedAt, theirs: LookedAt, names: Sequence[tuple[str, str]]) -> Join | None:
    by = tuple(key_of(looked, theirs, own, key) for own, key in names)
    own = [*filter(None, keys_in(looked, [key.own for key in by]))]
    there = Counter(filter(None, keys_in(theirs, [key.theirs for key in by])))
    keys, repeated = set(own), sum(many > 1 for many in there.values())
    one, other = (there.keys(), keys) if repeated else (keys, there.keys())
    identifies = not repeated and len(keys) == len(own)  # a row of its own in both files
    if len(there) < len(keys) and (len(by) > 1 or identifies):  # not each has a row there
        one, other = there.keys(), keys
    if len(one) < FEWEST or len(one & other) < ENOUGH * len(one) or not any(map(_has_digit, map("".join, one))):
        return None
    is_one_of_several = len(keys) < len(own) and repeated > max(1, FEW * len(there))  # in both files
    titles = ((theirs, [key.theirs.title for key in by]), (looked, [key.own.title for key in by]))
    if is_one_of_several and not any(version_of(*each) for each in titles):
        return None
    stem = theirs.sheet or PurePath(theirs.read).stem.partition("{")[0].strip(" _-") or theirs.read
    is_parent = not repeated and len(keys) * (1 + FEW) < len(own)
    state = (None if is_parent else state_of(theirs)) or RowState()
    state = state if repeated else state.but_over
    return Join(stem, theirs, by, len(one & other), len(one), repeated, identifies, state=state)


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


def _column(looked: LookedAt, name: str) -> list[str]:
    place = looked.header.names[name]
    return [folded(cell) for cell in looked.columns[place]] if place < len(looked.columns) else []


def joined(looked: LookedAt, joins: Sequence[Join]) -> LookedAt:
    """Return a file with the columns that these look-ups would find for the rows that were looked at."""
    written, columns = [*looked.header.written], [*looked.columns]
    for join in joins:
        own = keys_in(looked, [key.own for key in join.by])
        rows = rows_of_keys(join.theirs, [key.theirs for key in join.by], join.state)
        same = {key.theirs.title for key in join.by if key.is_alike}
        for title, own_title, cells in zip(join.titles, join.theirs.header.written, join.theirs.columns, strict=False):
            if own_title not in same and (not join.choice.titles or own_title in join.choice.titles):
                written.append(title)
                columns.append([_found(cells, rows.get(key, []) if key else [], join) for key in own])
    return looked._replace(header=OwnHeader.of([written], looked.read), columns=columns)


def _found(cells: Sequence[str], rows: Sequence[int], join: Join) -> str:
    found = [cells[row] for row in rows if cells[row].strip()]
    return ";".join(dict.fromkeys(found)) if join.choice.how.get("all") else next(iter(found), "")

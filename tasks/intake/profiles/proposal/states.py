"""Whether a row of a file counts: a column that marks those that do not, or says the state of each."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from config.sources.cells import folded, own_name
from tasks.intake.profiles.proposal.looking import LookedAt
from tasks.intake.profiles.proposal.naming import subjects, title_words
from tasks.intake.profiles.proposal.vocabulary import vocabulary
from tasks.intake.profiles.proposal.words import MOST_CODES, begins_with, meaning, plain
from tasks.platform.text import number_of

_OTHERS = ("suspect_status", "status", "decision", "in_custody")
_HISTORIES = {"history", "hist", "status"}  # in a file's name
_MOST_STATES, _MOST_WORDS = 8, 3  # more, and they are no states but notes


class RowState(NamedTuple):
    """The column that says whether a row counts, with its states that count, that do not, and that are not known."""

    column: str = ""
    live: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()  # each with how many rows have it
    question: str = ""  # which states count, though they may be known
    is_mark: bool = False
    mark: "RowState | None" = None  # beside it

    @property
    def where(self) -> list[dict[str, Any]]:
        """The conditions of a row that counts; none if nothing is known of any state."""
        asked: dict[str, Any] = {"is": [*self.live]} if self.live else {"is_not": [*self.over]} if self.over else {}
        return [*([{"column": self.column, **asked}] if asked else []), *(self.mark.where if self.mark else [])]

    @property
    def where_not(self) -> list[dict[str, Any]]:
        """The conditions of a row that is not known to count no longer."""
        return self._replace(live=()).where

    @property
    def doubt(self) -> str:
        """The question, where it is not known of each state whether it counts."""
        return self.question if self.unknown else self.mark.doubt if self.mark else ""

    @property
    def but_over(self) -> "RowState":
        """The states of rows of which each key has one: it counts unless its state says that it does so no longer."""
        return self._replace(live=())

    def counts(self, theirs: LookedAt, number: int) -> bool:
        """Return whether a row counts."""
        if self.mark and not self.mark.counts(theirs, number):
            return False
        cell = theirs.cells(self.column)[number].strip() if self.column else ""
        return cell in self.live if self.live else cell not in self.over


def state_of(looked: LookedAt, but: Collection[str] = (), counts: Sequence[str] = ()) -> RowState | None:
    """Return what says whether a row counts: a mark, or a column of states, of which nothing else is made.

    States that count in such a file alone may be given.
    """
    found = [each for title in looked.header.written if title and (each := _state_in(looked, title, but, counts))]
    mark = next((each for each in found if each.is_mark), None)
    state = next((each for each in found if not each.is_mark), None)
    return state._replace(mark=mark) if state and mark else state or mark


def is_state(title: str) -> bool:
    """Return whether a header is of the state of its rows."""
    return title_words(title).removesuffix(" code").rpartition(" ")[2] in vocabulary().states


def _state_in(looked: LookedAt, title: str, but: Collection[str], counts: Sequence[str]) -> RowState | None:
    is_history = is_state(title) and not {*subjects(looked.read)}.isdisjoint(_HISTORIES)  # of what it is itself
    if is_history or title in but or own_name(title) not in looked.header.names:
        return None
    counted = Counter(map(str.strip, looked.cells(title)))
    filled = [cell for cell in counted if cell]
    if not filled or len(filled) > _MOST_STATES or any(map(_is_a_note, filled)):
        return None
    return _marked(title, counted) or _stated(title, counted, counts)


def kinds_of(looked: LookedAt) -> str:
    """Return the question of what rows of a log are, where a column says of each what kind it is of; empty if none."""
    for title in (title for title in looked.header.written if title and own_name(title) in looked.header.names):
        counted = Counter(filter(None, map(str.strip, looked.cells(title))))
        named = title_words(title).removesuffix(" code").rpartition(" ")[2] in vocabulary().kinds
        if named and 1 < len(counted) <= MOST_CODES and not any(map(_is_a_note, counted)):
            return f"Of {title} the rows are {', '.join(_rows([*counted], counted))}: of which of them is it?"
    return ""


def _is_a_note(cell: str) -> bool:
    return len(cell.split()) > _MOST_WORDS


def _marked(title: str, counted: Counter[str]) -> RowState | None:
    """Return a mark of rows that count no longer, as a yes under Struck."""
    marks = vocabulary().left_out
    over = tuple(cell for cell in counted if folded(cell) in marks.yes)
    if not over or not {*title_words(title).split()} & {*marks.headers}:
        return None
    unknown = [cell for cell in counted if cell and folded(cell) not in {*marks.yes, *marks.no}]
    return RowState(title, (), over, _rows(unknown, counted), _question(title, counted), is_mark=True)


def _stated(title: str, counted: Counter[str], counts: Sequence[str]) -> RowState | None:
    """Return the states of rows, if cells are states: some count no longer, or the header calls them so."""
    over = tuple(cell for cell in counted if plain(cell).startswith(vocabulary().left_out.cells))
    if not over and not _are_states(title, counted):
        return None
    count = tuple(cell for cell in counted if begins_with(cell, (*vocabulary().row_counts, *counts)))
    unknown = [cell for cell in counted if cell not in {*over, *count}]
    return RowState(title, count, over, _rows(unknown, counted), _question(title, counted))


def _are_states(title: str, cells: Collection[str]) -> bool:
    """Return whether cells say something of their rows, and are not what is known of a suspect or a task."""
    known = sum(any(meaning(name, cell) is not None for name in _OTHERS) for cell in cells)
    return is_state(title) and len(cells) > 1 and known * 2 < len(cells)


def _rows(cells: Collection[str], counted: Counter[str]) -> tuple[str, ...]:
    return tuple(f"{cell or 'empty'} ({number_of(counted[cell], 'row')})" for cell in cells)


def _question(title: str, counted: Counter[str]) -> str:
    return f"Of {title} some rows are {', '.join(_rows([*counted], counted))}: which of them count?"

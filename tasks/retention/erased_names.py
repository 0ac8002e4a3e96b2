"""The names of erased cases, and whether a text has one of them.

A place outside the tables is cleared of them after the cases have gone: what was not reached is cleared the next time.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple, Self

from models.queries.retention import erased_names
from models.queries.rounds import rounds
from tasks.servers.database import transaction

_PLAIN = re.compile(r"[\w/.-]+")
_LEAST = 5  # characters of a reference that is looked for without its force


class ErasedNames(NamedTuple):
    """Names that look like an ordinary term, and the others."""

    words: frozenset[str]
    phrases: frozenset[str]

    @classmethod
    def of(cls, names: Iterable[str]) -> Self:
        """Return the names, parted."""
        given = frozenset(filter(None, names))
        words = frozenset(name for name in given if _PLAIN.fullmatch(name))
        return cls(words, given - words)

    @property
    def any(self) -> bool:
        """Return whether there is a name at all."""
        return bool(self.words or self.phrases)

    def within(self, text: str) -> bool:
        """Return whether a text has one of the names."""
        return any(word in self.words or word.strip("/.-") in self.words for word in _PLAIN.findall(text)) or any(
            phrase in text for phrase in self.phrases
        )


class Uncleared(NamedTuple):
    """The names that a place has still to be cleared of, and the last audit row that has one."""

    place: str
    names: ErasedNames
    row: int


def uncleared(place: str) -> Uncleared:
    """Return the names of the cases that were erased since a place was cleared."""
    with transaction() as connection:
        row = int(rounds.switch(connection, _switch(place)) or 0)
        cases = erased_names.erased_since(connection, row)
    names = ErasedNames.of(name for case in cases for name in _names(case))
    return Uncleared(place, names, max((row, *(case.id for case in cases))))


def cleared(done: Uncleared, at: datetime) -> None:
    """Note that a place was cleared."""
    if done.names.any:
        with transaction() as connection:
            rounds.set_switch(connection, _switch(done.place), str(done.row), at)


def _switch(place: str) -> str:
    return f"erased from {place} up to audit row"


def _names(case: erased_names.ErasedCase) -> list[str]:
    """Return what a case is called: with its force, and where that is no common word without; and its actions."""
    alone = [case.ref.partition("/")[2], *case.actions]
    return [case.ref, *(name for name in alone if len(name) >= _LEAST)]

"""Keys by which rows of two files may belong together: columns, and the signs that are taken off their cells."""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from config.sources.cells import folded, own_name
from tasks.intake.profiles.proposal.looking import LookedAt
from tasks.intake.profiles.proposal.naming import names_of, title_words

_SIGNS = ("/", "-", ".", " ")
_SUFFIX = re.compile(r"\([A-Za-z]{1,2}\)(?=\s*$)", re.ASCII)


class Side(NamedTuple):
    """A column of a key, by its title, and what is taken off its cells."""

    title: str
    signs: tuple[str, ...] = ()

    def cell(self, text: str) -> str:
        """Return a cell as it is compared."""
        for sign in self.signs:
            text = text.replace(sign, "")
        return folded(text)

    @property
    def written(self) -> Any:
        """The column as a profile names it."""
        return {"from": self.title, "replace": dict.fromkeys(self.signs, "")} if self.signs else self.title


class JoinKey(NamedTuple):
    """A key: a column of the own file and one of the other."""

    own: Side
    theirs: Side

    @property
    def is_alike(self) -> bool:
        """Whether both files call its column the same."""
        return own_name(self.own.title) == own_name(self.theirs.title)

    @property
    def written(self) -> Any:
        """The key as a profile names it."""
        if self.is_alike and self.own.signs == self.theirs.signs:
            return self.own.written if not self.own.signs else {"own": self.own.written, "theirs": self.theirs.written}
        return {"own": self.own.written, "theirs": self.theirs.written}


def key_of(looked: LookedAt, theirs: LookedAt, own: str, key: str) -> JoinKey:
    """Return the key of two columns, of which each spelling of a URN is one."""
    return JoinKey(_side(looked, own), _side(theirs, key))


def _side(looked: LookedAt, name: str) -> Side:
    place = looked.header.names[name]
    title, cells = looked.title(place), looked.columns[place] if place < len(looked.columns) else []
    words = title_words(title)
    return Side(title, _signs(cells) if words in names_of("urn") or "urn" in words.split() else ())


def _signs(cells: Sequence[str]) -> tuple[str, ...]:
    """Return the signs and suffixes in which the spellings of URNs differ."""
    suffixes = sorted({found[0] for cell in cells if (found := _SUFFIX.search(cell))})
    return (*suffixes, *(sign for sign in _SIGNS if any(sign in cell.strip() for cell in cells)))


def keys_in(looked: LookedAt, sides: Sequence[Side]) -> list[tuple[str, ...]]:
    """Return the key of each row; none of a row in which a part of it is empty."""
    columns = [[side.cell(cell) for cell in looked.cells(side.title)] for side in sides] if looked.columns else []
    return [key if all(key) else () for key in zip(*columns, strict=True)]

"""Keys by which rows of two files may belong together: columns, and the signs that are taken off their cells."""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from config.sources.cells import folded, own_name
from tasks.intake.profiles.proposal.looking import LookedAt
from tasks.intake.profiles.proposal.naming import names_of, title_words

_SIGNS = ("/", "-", ".", " ")
_NUMBER = re.compile(r"([A-Za-z]{0,3})([0-9]+)", re.ASCII)
_SUFFIX = re.compile(r"\([A-Za-z]{1,2}\)(?=\s*$)", re.ASCII)


class Side(NamedTuple):
    """A column of a key, by its title, and what is done with its cells."""

    title: str
    signs: tuple[str, ...] = ()  # that are taken off
    is_digits: bool = False  # whether letters are taken off
    pad: int = 0  # to how many characters zeros are put before

    def cell(self, text: str) -> str:
        """Return a cell as it is compared."""
        for sign in self.signs:
            text = text.replace(sign, "")
        text = "".join(filter(str.isdigit, text)) if self.is_digits else folded(text)
        return text and text.rjust(self.pad, "0")

    @property
    def written(self) -> Any:
        """The column as a profile names it."""
        how: dict[str, Any] = {"replace": dict.fromkeys(self.signs, "")} if self.signs else {}
        how |= ({"digits": True} if self.is_digits else {}) | ({"pad": self.pad} if self.pad else {})
        return {"from": self.title, **how} if how else self.title


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
        is_plain = self.own.written == self.own.title and self.theirs.written == self.theirs.title
        return (
            self.own.title if self.is_alike and is_plain else {"own": self.own.written, "theirs": self.theirs.written}
        )


def key_of(looked: LookedAt, theirs: LookedAt, own: str, key: str) -> JoinKey:
    """Return the key of two columns, of which each spelling of a URN is one, and numbers have as many digits."""
    one, other = _numbers(looked, own), _numbers(theirs, key)
    if one and other and one != other and (one.has_zeros or other.has_zeros or one.letters != other.letters):
        longest = max(one.longest, other.longest)
        return JoinKey(one.side(looked, own, longest), other.side(theirs, key, longest))
    return JoinKey(_side(looked, own), _side(theirs, key))


class _Numbers(NamedTuple):
    """How a column writes numbers: the letters before each, the digits of the shortest and the longest, and zeros."""

    letters: str
    shortest: int
    longest: int
    has_zeros: bool

    def side(self, looked: LookedAt, name: str, longest: int) -> Side:
        """Return the column as numbers of so many digits."""
        title = looked.title(looked.header.names[name])
        return Side(title, (), bool(self.letters), 0 if self.shortest == longest else longest)


def _numbers(looked: LookedAt, name: str) -> _Numbers | None:
    """Return how a column writes numbers; None if some cells are none, or have other letters."""
    cells = (
        {cell.strip() for cell in looked.columns[looked.header.names[name]] if cell.strip()} if looked.columns else ()
    )
    found = [_NUMBER.fullmatch(cell) for cell in cells]
    read = [each for each in found if each]
    if not read or len(read) < len(found) or len({each[1].casefold() for each in read}) > 1:
        return None
    digits = [each[2] for each in read]
    lengths = [*map(len, digits)]
    return _Numbers(read[0][1], min(lengths), max(lengths), any(each.startswith("0") for each in digits))


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

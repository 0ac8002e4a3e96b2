"""The content of a column without its cells: how many cells are filled, how many differ, and shapes of some."""

import re
from collections.abc import Iterator, Sequence

from config.sources.cells import folded

SHAPES, LONGEST = 5, 24
_SIGNS = (("[^\\W\\d_a-zß-öø-ÿ]", "A"), ("[^\\W\\d_A]", "a"), ("\\d", "9"))


def shape(cell: str) -> str:
    """Return a cell's shape: a capital is A, another letter a, a digit 9, and signs are what they are."""
    text = " ".join(cell.split())
    for pattern, sign in _SIGNS:
        text = re.sub(pattern, sign, text)
    plain = "".join(character if character.isascii() and character.isprintable() else "?" for character in text)
    return plain if len(plain) <= LONGEST else f"{plain[:LONGEST]}…"


def told(title: str, cells: Sequence[str]) -> str:
    """Return what there is to know of a column, in which no cell is repeated."""
    filled = [cell for cell in cells if cell.strip()]
    if not filled:
        return f"{title}: empty in each of the {len(cells):,} rows that were looked at"
    different = len(set(map(folded, filled)))
    return f"{title}: {len(filled):,} of {len(cells):,} filled, {different:,} different: {some_shapes(cells)}"


def some_shapes(cells: Sequence[str]) -> str:
    """Return shapes of some of a column's cells."""
    shapes = list(dict.fromkeys(map(shape, filter(str.strip, cells))))
    return ", ".join(shapes[:SHAPES]) + (" …" if len(shapes) > SHAPES else "")


def columns_told(titles: Sequence[str], columns: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield what there is to know of each column that has a name."""
    yield from (told(title, cells) for title, cells in zip(titles, columns, strict=False) if title)

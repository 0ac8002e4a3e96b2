"""Code tables that are proposed for the words of a column, and the words whose meaning is not known."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from config.sources.cells import folded
from tasks.intake.profiles.proposal.vocabulary import vocabulary
from tasks.platform.text import number_of

MOST_CODES = 25
LONGEST_CODE = 40
SHORT = 3  # letters of a code that is a whole word
_LISTS = (";", ",", " / ", "|")
_ALSO = " … "


class Words(NamedTuple):
    """The words of a column: the table of those that are known, and how many rows have each of the others."""

    sign: str | None  # between the members of lists
    table: dict[str, str]
    unknown: dict[str, int]
    read: int
    filled: int


def words_of(name: str, filled: Sequence[str]) -> Words:
    """Return a code table of a column's words; one of which nothing is known is left to whoever reads the proposal."""
    sign = next((one for one in _LISTS if any(one in text for text in filled)), None) if name == "roles" else None
    each = [part.strip() for text in filled for part in (text.split(sign) if sign else [text])]
    distinct = list({folded(text): text for text in reversed(each)}.values())[::-1]
    if len(distinct) > MOST_CODES or any(len(text) > LONGEST_CODE for text in distinct):
        return Words(None, {}, {}, 0, len(each))
    table = {text: code for text in distinct if (code := meaning(name, text)) is not None}
    counted = Counter(map(folded, each))
    unknown = {text: counted[folded(text)] for text in distinct if text not in table}
    return Words(sign, table, unknown, sum(counted[folded(text)] for text in table), len(each))


def meaning(name: str, text: str) -> str | None:
    """Return the meaning of a code; None where nothing is known, or its other parts say otherwise."""
    tried = plain(text)
    found = _code(name, tried, tried)
    return found if found is not None else _code(name, plain(text.rpartition(" - ")[2]), tried)


def _code(name: str, tried: str, whole: str) -> str | None:
    known = vocabulary()
    if f" {whole} ".startswith(tuple(f" {word} " for word in known.after_charge)) and name == "suspect_status":
        return None
    for begins, code in known.codes[name].items():
        first, _, also = begins.partition(_ALSO)
        if _begins(tried, first) and also in tried:
            rest = f" {whole.replace(first, '', 1).replace(also, '', 1)} "
            return None if any(word in rest for word in known.contrary.get(name, ())) else code
    return None


def begins_with(text: str, words: Sequence[str]) -> bool:
    """Return whether a code begins with one of these, each whole."""
    return f"{plain(text)} ".startswith(tuple(f"{word} " for word in words))


def _begins(tried: str, begins: str) -> bool:
    after = tried[len(begins) : len(begins) + 1]
    return tried.startswith(begins) and (len(begins) > SHORT or not after.isalnum())


def counted(words: Mapping[str, int]) -> str:
    """Return words, each with how many rows have it."""
    return ", ".join(f"{word} ({number_of(many, 'row')})" for word, many in words.items())


def plain(text: str) -> str:
    """Return a code as it is compared: without signs."""
    return " ".join(re.findall(r"[^\W_]+", folded(text)))

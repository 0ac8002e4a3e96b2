"""How well a header names one of Casebeat's columns: by its words, abbreviations written out."""

import re
from collections.abc import Mapping
from functools import cache

from config.sources.known_systems import known_systems
from tasks.intake.columns import Column
from tasks.intake.forms import DAY, FUTURE_DAY, KEYED
from tasks.intake.profiles.proposal.vocabulary import vocabulary

EXACT = 3  # how well a header names a column whose name it is; one that holds its name is 2
_HUMP = re.compile("(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")
_OF_STAFF = ("contact_ref", "oic_ref", "supervisor_ref", "owner_ref", "prosecutor_ref")
_LEAST = 3  # letters of a name that is part of a header
_SHORT = {True: re.compile(" (?:date|on)$"), False: re.compile(" (?:code|flag)$")}
_NUMBERED = re.compile(" (?:[1-9]|code)$")


@cache
def title_words(title: str) -> str:
    """Return the words of a header in small letters, abbreviations written out: OccStatDt is three."""
    words = re.findall("[a-z0-9]+", _HUMP.sub(" ", title).lower())
    return " ".join(vocabulary().abbreviations.get(word, word) for word in words)


@cache
def names_of(column: str) -> frozenset[str]:
    """Return the names that headers have for a column, in words."""
    return frozenset(map(title_words, (*vocabulary().headers.get(column, ()), column, column.removesuffix("_on"))))


@cache
def names_of_staff() -> frozenset[str]:
    """Return the names that headers have for the number of somebody who works on a case, in words."""
    return frozenset().union(*map(names_of, _OF_STAFF))


def stem(title: str) -> str:
    """Return the words of a header without the number that it has among others of its kind."""
    return re.sub(" [1-9]$", "", title_words(title))


def known_header(column: str, header: str) -> str:
    """Return of which known system a header is usual for a column, and who says so."""
    named = {title_words(header), title_words(header.rpartition("/")[2])}
    for one in known_systems():
        if named & set(map(title_words, one.headers.get(column, ()))):
            return f"a usual header of {one.system} ({one.cited})"
    return ""


def subjects(read: str) -> list[str]:
    """Return the words of a file's name, each as one thing: what its columns are of, though they do not name it."""
    words = title_words(read.partition(".")[0].partition("{")[0]).split()
    return [word if word == "status" else word.removesuffix("s") for word in words]


def naming(column: Column, header: str, read: str = "") -> tuple[int, int] | None:
    """Return how well a header names a column, and the length of what it names; None if it does not.

    A database ends the names of days by DT or DTM, and those of codes by CD.
    """
    of, _, title = header.rpartition(" / ")
    own, last = title_words(title), title_words(header.rpartition("/")[2])
    wholes = {
        title_words(header): len(title_words(of)),
        **{f"{word} {own}": len(word) for word in subjects(of or read)},
    }
    best = (EXACT, len(own)) if known_header(column.name, header) else (0, 0)
    ending, name = _SHORT[column.form in {DAY, FUTURE_DAY}], column.name
    named = {own, last, *wholes}
    named |= {ending.sub("", each) for each in named}
    named |= {_NUMBERED.sub("", each) for each in named} if name == "offence_codes" else set()
    for phrase in names_of(name):
        if phrase in named:
            best = max(best, (EXACT, len(phrase)))
        elif column.form is not KEYED and len(phrase) > _LEAST and _holds(wholes, phrase):
            best = max(best, (EXACT - 1, len(phrase)))
    return best if best[0] else None


def _holds(wholes: Mapping[str, int], phrase: str) -> bool:
    """Return whether words hold a phrase that does not end with the name of the file that they are of."""
    pattern = re.compile(rf"\b{phrase}\b")
    return any(found.end() > after for whole, after in wholes.items() for found in pattern.finditer(whole))


def is_header_of(column: Column, header: str, read: str) -> bool:
    """Return whether a header is one of a column's own names, in a file of this name."""
    score = naming(column, header, read)
    return score is not None and score[0] == EXACT

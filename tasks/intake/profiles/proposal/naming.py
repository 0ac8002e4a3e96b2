"""How well a header names one of Casebeat's columns: by its words, each abbreviation as what it stands for."""

import re
from functools import cache

from config.sources.known_systems import known_systems
from tasks.intake.columns import Column
from tasks.intake.forms import DAY, FUTURE_DAY
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
    return _NUMBERED.sub("", title_words(title))


def known_header(column: str, header: str) -> str:
    """Return of which known system a header is usual for a column, and who says so."""
    named = {title_words(header), title_words(header.rpartition("/")[2])}
    for one in known_systems():
        if named & set(map(title_words, one.headers.get(column, ()))):
            return f"a usual header of {one.system} ({one.cited})"
    return ""


def subjects(read: str) -> list[str]:
    """Return the words of a file's name, each as one thing: what its columns are of, though they do not name it."""
    return [word.removesuffix("s") for word in title_words(read.partition(".")[0].partition("{")[0]).split()]


def naming(column: Column, header: str, read: str = "") -> tuple[int, int] | None:
    """Return how well a header names a column, and the length of what it names; None if it does not.

    A database ends the names of days by DT or DTM, and those of codes by CD.
    """
    whole, last = title_words(header), title_words(header.rpartition("/")[2])
    best = (EXACT, len(whole)) if known_header(column.name, header) else (0, 0)
    ending, name = _SHORT[column.form in {DAY, FUTURE_DAY}], column.name
    named = {whole, last, *(f"{word} {whole}" for word in subjects(header.rpartition(" / ")[0] or read))}
    named |= {ending.sub("", each) for each in named}
    named |= {_NUMBERED.sub("", each) for each in named} if name == "offence_codes" else set()
    for phrase in names_of(name):
        if phrase in named:
            best = max(best, (EXACT, len(phrase)))
        elif len(phrase) > _LEAST and re.search(rf"\b{phrase}\b", whole):
            best = max(best, (EXACT - 1, len(phrase)))
    return best if best[0] else None


def is_header_of(column: Column, header: str) -> bool:
    """Return whether a header is one of a column's own names."""
    score = naming(column, header)
    return score is not None and score[0] == EXACT

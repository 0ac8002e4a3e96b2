"""Suggestions for cells that say nothing, and for rows that count no longer, each with its reason."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from config.sources.cells import folded
from tasks.intake.profiles.proposal.looking import LookedAt
from tasks.intake.profiles.proposal.naming import title_words
from tasks.intake.profiles.proposal.vocabulary import vocabulary
from tasks.intake.profiles.proposal.words import MOST_CODES
from tasks.intake.profiles.proposal.yaml_lines import listing, quoted
from tasks.platform.text import number_of

_HOW = 'docs/adopting.md, "A case that is cancelled"'
_STRUCK = "leave_out      # a suggestion: it has rows that are struck through"
_NO_DAY = re.compile(  # a day that a database has for none
    r"\s*(?:01[/.-](?:01|jan)[/.-](?:19)?00|1900-01-01|31[/.-](?:12|dec)[/.-]9999|9999-12-31)(?:[T ][0:.]+Z?)?\s*",
    re.IGNORECASE,
)
OFTEN = 3  # cells that are alike, below which they are few
_FEW = 0.2  # of the rows, above which those that are said to be gone may be something else
_INTO = {"into", "to"}  # in a header beside merged: its cells are what a row went into


def without(looked: LookedAt, blanks: Collection[str]) -> LookedAt:
    """Return a file in which cells that say nothing are empty."""
    plain = {folded(text) for text in blanks}
    columns = [["" if folded(cell) in plain else cell for cell in column] for column in looked.columns]
    return looked._replace(columns=columns)


def certain_blanks(files: Sequence[LookedAt]) -> dict[str, str]:
    """Return the cells that a database writes for nothing, each with where they are."""
    cells = {cell for looked in files for column in looked.columns for cell in column}
    return _blanks(files, {*vocabulary().blanks.certain, *map(folded, filter(_NO_DAY.fullmatch, cells))}, 1)


def possible_blanks(files: Sequence[LookedAt]) -> dict[str, str]:
    """Return the cells that may mean nothing, or something, and that are many, each with where they are."""
    return _blanks(files, vocabulary().blanks.possible, OFTEN)


def _blanks(files: Sequence[LookedAt], words: Collection[str], fewest: int) -> dict[str, str]:
    cells, columns, written = Counter[str](), Counter[str](), dict[str, str]()
    for column in (column for looked in files for column in looked.columns):
        found = [cell.strip() for cell in column if len(cell) < 20 and folded(cell) in words]
        for word, many in Counter(map(folded, found)).items():
            cells[word] += many
            columns[word] += 1
        for cell in found:
            written.setdefault(folded(cell), cell)
    return {
        written[word]: f"{quoted(written[word])} is {number_of(many, 'cell')} of {number_of(columns[word], 'column')}"
        for word, many in cells.items()
        if many >= fewest
    }


def blanks_lines(files: Sequence[LookedAt]) -> Iterator[str]:
    """Yield the blanks of the whole profile: those of a database are taken, others are for somebody to decide."""
    certain, possible = certain_blanks(files), possible_blanks(files)
    if certain:
        yield f"blanks: {listing([*certain])}      # {'; '.join(certain.values())}"
    if possible:
        yield f"# blanks: {listing([*certain, *possible])}      # a suggestion: {'; '.join(possible.values())}"


class Gone(NamedTuple):
    """Rows that a column says are deleted, void or merged into others: their condition, and how many they are."""

    title: str
    asked: dict[str, Any]
    why: str

    @property
    def condition(self) -> dict[str, Any]:
        """The condition as a profile has it."""
        return {"column": self.title, **self.asked}


def gone(looked: LookedAt, used: Collection[str], *, of_cases: bool) -> list[Gone]:
    """Return the few rows that a column of which nothing else is made says are gone.

    Of cases those that are only cancelled are to be finalised.
    """
    words = vocabulary().left_out
    found = []
    for title in (looked.title(place) for place in looked.header.names.values() if place < len(looked.columns)):
        of, cells = {*title_words(title).split()}, looked.cells(title)
        yes = list(dict.fromkeys(cell.strip() for cell in cells if folded(cell) in words.yes))
        filled = [cell for cell in cells if cell.strip()]
        is_mark = not of.isdisjoint(words.gone if of_cases else (*words.gone, *words.cancelled)) and bool(yes)
        is_mark = is_mark and all(folded(cell) in {*words.yes, *words.no} for cell in filled)
        many = sum(cell.strip() in yes for cell in cells) if is_mark else len(filled)
        if title in used or not (is_mark or ("merged" in of and of & _INTO)) or not 0 < many <= _FEW * len(cells):
            continue
        so = f"{many:,} of {number_of(len(cells), 'row')} {'say so' if is_mark else 'have one'}"
        found.append(Gone(title, {"is": yes} if is_mark else {"filled": True}, so))
    return found


def left_out_lines(looked: LookedAt, used: Collection[str], *, of_cases: bool) -> Iterator[str]:
    """Yield which rows may count no longer: those that a column calls so of which nothing else is made.

    Of a file with cases they are to be finalised: one that is left out stays open.
    """
    words = vocabulary().left_out
    for title in (looked.title(place) for place in looked.header.names.values() if place < len(looked.columns)):
        cells = [folded(cell) for cell in looked.cells(title) if cell.strip()]
        if title in used or not cells or len(set(cells)) > MOST_CODES:
            continue
        begins = [word for word in words.cells if any(cell.startswith(word) for cell in cells)]
        named = not {*title_words(title).split()}.isdisjoint(words.headers)
        yes = sorted(set(cells) & set(words.yes)) if named else []
        many = sum(cell.startswith(tuple(begins)) or cell in yes for cell in cells) if begins or yes else 0
        if many:
            asked = f"begins: {listing(begins)}" if begins else f"is: {listing(yes)}"
            why = f"{many:,} of {number_of(len(looked.cells(title)), 'row')}: do they count no longer?"
            rows = f"{{column: {quoted(title)}, {asked}}}"
            yield (
                f"    # a case with {rows} is to be finalised, {_HOW}: {why}"
                if of_cases
                else f"    # leave_out: {rows}      # a suggestion, {why}"
            )
    if any("struck_through" in note for note in looked.notes):
        how = f"column      # a suggestion: finalise its struck cases by it, {_HOW}" if of_cases else _STRUCK
        yield f"    # struck_through: {how}"

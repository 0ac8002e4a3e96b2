"""Which of a file's columns Casebeat's columns are made from, by header and values, and how sure that is."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any, NamedTuple

from config.sources.cells import folded
from config.terms import Agency
from tasks.intake.columns import Column, File
from tasks.intake.files import FILES
from tasks.intake.forms import DAY, UNSTORED, YES_NO
from tasks.intake.profiles.proposal.fits import Fit
from tasks.intake.profiles.proposal.fitting import are_days, days_fit, fit
from tasks.intake.profiles.proposal.looking import LookedAt, repeat
from tasks.intake.profiles.proposal.naming import EXACT, known_header, naming, stem
from tasks.intake.profiles.proposal.offences import offences_fit
from tasks.intake.profiles.proposal.roles import roles_of
from tasks.intake.profiles.proposal.vocabulary import vocabulary
from tasks.intake.profiles.proposal.words import counted
from tasks.platform.configuration import Configuration

LIKELY = 0.8  # of the cells that are read
POSSIBLE = 0.4  # the same, where the header is the column's own
NEARLY = 0.1  # of the cells: columns that differ by no more fit alike
_FEW = 2  # columns by which a file is recognised, of which each has to be there
_NO_NAME = "Nothing names it: which of these days is it?"
_NUMBER = re.compile("[0-9]{3}")
_FIRST_NAMES = ("forename", "fname", "forenames", "first name", "given name")


class Sureness(StrEnum):
    """How sure a proposal is of a column."""

    SURE = "sure"
    LIKELY = "likely"
    GUESS = "a guess"
    MISSING = "missing"


class Match(NamedTuple):
    """A column that Casebeat reads, the source's columns that it may be made from, and how."""

    name: str
    own: tuple[str, ...]  # as they are written
    fit: Fit
    sureness: Sureness
    required: bool = False
    known: str = ""  # of which system its header is usual, and by which document
    rivals: tuple["Match", ...] = ()  # of the same column, that fit as well: which of them is meant has to be asked
    doubt: str = ""  # why it has to be asked, though no other column fits

    @property
    def is_asked(self) -> bool:
        """Whether somebody has to say of which column it is made, or whether it is."""
        return bool(self.rivals or self.doubt)

    @property
    def choices(self) -> tuple["Match", ...]:
        """The matches among which somebody has to choose; it alone, where nothing is asked."""
        return (self, *self.rivals)


class ProposedRows(NamedTuple):
    """Rows of one file of an extract that may be made from a file of the source."""

    file: File
    matches: tuple[Match, ...]
    notes: tuple[str, ...] = ()  # of columns that are left out, and why
    only: tuple[Mapping[str, Any], ...] = ()  # conditions of a row that is one of these
    unknown: tuple[str, ...] = ()  # states of rows of which nothing is known, and that are not counted

    @property
    def settled(self) -> list[Match]:
        """The matches of which nothing has to be asked."""
        return [match for match in self.matches if not match.is_asked]

    @property
    def asked(self) -> list[Match]:
        """The matches of which something has to be asked."""
        return [match for match in self.matches if match.is_asked]

    def of(self, name: str) -> Match | None:
        """Return the match of a column, if it has one and nothing of it is asked."""
        return next((match for match in self.settled if match.name == name and match.own), None)


def agency_of(files: Sequence[LookedAt]) -> Agency:
    """Return whose export it seems to be."""
    names = {name for file in files for name in file.header.names}
    values = [value for file in files for column in file.columns for value in column[:50]]
    lawyers = ("lawyer", "prosecutor", "fee earner", "ctl", "custody time limit")
    cps = any(lawyer in name for lawyer in lawyers for name in names) or any("@cps." in value for value in values)
    return Agency.CPS if cps else Agency.POLICE


def proposed(configuration: Configuration, looked: LookedAt, agency: Agency, own: int) -> Iterator[ProposedRows]:
    """Yield what may be made from the rows of a file, in the order of an extract's files.

    Its own columns, so many, come before those of the files that it is joined to, and before them where both fit.
    """
    for name, file in FILES.items():
        hints = vocabulary().files.get(name)
        if hints is None or not {file.only_from, hints.agency} <= {None, agency} or roles_of(looked, name) == []:
            continue
        found = dict(_matches(configuration, file, looked, own))
        case = found.get("case_ref")
        if file.either and agency is Agency.POLICE and case and all(map(str.strip, looked.cells(case.own[0]))):
            found.pop("urn", None)  # each row names its case already
        lacking = [group for group in hints.anchors if not any(one in found for one in group)]
        if len(lacking) == 1 and len(hints.anchors) > _FEW:
            found |= {one.name: one for one in _asked_days(file, lacking[0], found, looked, own)}
        unsure = [name for name in hints.sure if name in found and found[name].sureness is not Sureness.SURE]
        if not unsure and all(any(one in found for one in group) for group in hints.anchors):
            yield ProposedRows(file, tuple(found.values()))


def _asked_days(
    file: File, group: Sequence[str], found: Mapping[str, Match], looked: LookedAt, own: int
) -> Iterator[Match]:
    """Yield a required day that nothing names, if there is one, of which it is asked which of the other days it is."""
    used = {title for match in found.values() for title in match.own}
    places = sorted(place for place in looked.header.names.values() if place < min(own, len(looked.columns)))
    titles = [title for title in map(looked.title, places) if title not in used]
    days = [title for title in titles if are_days(looked.cells(title), looked.always)]
    for column in (column for column in file.columns if column.required and column.form is DAY and days):
        if [column.name] == [*group]:
            fits = [(title, days_fit(looked.cells(title), looked.always)) for title in days]
            one, *others = (Match(column.name, (title,), each, Sureness.MISSING, required=True) for title, each in fits)
            yield one._replace(rivals=tuple(others), doubt=_NO_NAME)


def _matches(configuration: Configuration, file: File, looked: LookedAt, own: int) -> Iterator[tuple[str, Match]]:
    called = vocabulary().files[file.name].called
    for column in file.columns:
        named = replace(column, name=called.get(column.name, column.name))
        if match := _match(configuration, named, looked, own):
            choices = [choice._replace(name=column.name, rivals=()) for choice in match.choices]
            if column.name == file.key[-1]:
                choices = [one for one in choices if not repeat(looked, one.own)] or choices
            yield column.name, choices[0]._replace(rivals=tuple(choices[1:]))


class _Scored(NamedTuple):
    """A column of the source that may be one of ours: how well its header names it, how its cells fit, its place."""

    score: tuple[int, int]
    fit: Fit
    place: int
    known: str


def _match(configuration: Configuration, column: Column, looked: LookedAt, own: int) -> Match | None:
    """Return the best match of a column, if its header is known and its values are not all strange."""
    scored = []
    last = own if column.form is UNSTORED else len(looked.columns)  # nothing is looked up of what is not stored
    for place in (place for place in looked.header.names.values() if place < min(last, len(looked.columns))):
        header = looked.header.written[place]
        if score := naming(column, header, looked.read):
            cells = fit(configuration, column, looked.columns[place], looked.always)
            scored.append(_Scored(score, cells, place, known_header(column.name, header)))
    if not scored:
        return None
    best = max(
        scored,
        key=lambda one: (
            one.score[0],
            one.place < own and (one.fit.share >= POSSIBLE or bool(_of_words(one.fit))),
            one.fit.share,
            one.score[1],
            -one.place,
        ),
    )
    match = _of_place(column, looked, best)
    if match is None:
        return None
    others = [_of_place(column, looked, one) for one in scored if one is not best and _is_rival(one, best, looked, own)]
    rivals = () if column.form is UNSTORED else tuple(one for one in others if one and not {*one.own} & {*match.own})
    return match._replace(rivals=rivals)


def _is_rival(one: _Scored, best: _Scored, looked: LookedAt, own: int) -> bool:
    """Return whether a column fits nearly as well as the best: by header and cells, which are not the same ones."""
    if one.score[0] < best.score[0] or best.place < own <= one.place:
        return False
    if _share(one, looked) < _share(best, looked) - NEARLY:
        return False
    return list(map(folded, looked.columns[one.place])) != list(map(folded, looked.columns[best.place]))


def _share(one: _Scored, looked: LookedAt) -> float:
    """Return the part of a column's cells that are read, but for those that may say nothing."""
    nothing = sum(folded(cell) in vocabulary().blanks.possible for cell in looked.columns[one.place])
    return min(1, one.fit.read / max(1, one.fit.filled - nothing))


def _of_place(column: Column, looked: LookedAt, scored: _Scored) -> Match | None:
    """Return the match of a column with one of the source's; None if its cells are strange."""
    best, place = scored.fit, scored.place
    own = [looked.title(place)]
    if column.name == "offence_codes":
        own = [title for title in looked.header.written if title and stem(title) == stem(own[0])]
        best = offences_fit([cell.strip() for title in own for cell in looked.cells(title) if cell.strip()])
    sureness, doubt = _sureness(scored.score[0], best), ""
    are_words = column.form is YES_NO or (sureness is None and column.name in vocabulary().codes)
    if are_words and scored.score[0] == EXACT and (doubt := _of_words(best)):
        sureness = Sureness.GUESS
    if sureness is None:
        return None
    first = next((looked.header.names[name] for name in _FIRST_NAMES if name in looked.header.names), None)
    if column.name == "name" and first is not None:
        own, best = [looked.header.written[first], *own], best._replace(recipe={"joined": " "})
    required = column.required and column.instead is None
    return Match(column.name, tuple(own), best, sureness, required, scored.known, doubt=doubt)


def _of_words(found: Fit) -> str:
    """Return the question of what words mean of which most are not known; none of cells that may say nothing."""
    unknown: dict[str, int] = found.recipe.get("unknown") or {}
    words = {word: many for word, many in unknown.items() if folded(word) not in vocabulary().blanks.possible}
    are_words = words and not any(_NUMBER.search(word) for word in words)
    return f"Nothing is known of {counted(words)}: what does each mean?" if are_words else ""


def _sureness(score: int, found: Fit) -> Sureness | None:
    if not found.filled:
        return Sureness.GUESS if score == 3 else None
    if score == 3 and found.share >= 0.95:
        return Sureness.SURE
    if found.share >= LIKELY:
        return Sureness.LIKELY
    return Sureness.GUESS if found.share >= POSSIBLE and score == 3 else None


def recipe_of(match: Match) -> dict[str, Any]:
    """Return a match's recipe without what only the proposal needs."""
    own: Any = match.own[0] if len(match.own) == 1 else list(match.own)
    listed = {"list_at": ";"} if match.name == "offence_codes" and len(match.own) > 1 else {}
    recipe = match.fit.recipe if match.fit.recipe.get("codes") else {**match.fit.recipe, "codes": None}
    made = {key: value for key, value in recipe.items() if key not in {"days", "unknown"} and value is not None}
    return {"from": own, **listed, **made}

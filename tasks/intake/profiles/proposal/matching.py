"""Which of a file's columns Casebeat's columns are made from, by header and values, and how sure that is."""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from config.terms import Agency
from tasks.intake.columns import Column, File
from tasks.intake.files import FILES
from tasks.intake.profiles.proposal.fitting import Fit, fit
from tasks.intake.profiles.proposal.looking import LookedAt
from tasks.intake.profiles.proposal.vocabulary import vocabulary
from tasks.platform.configuration import Configuration

_FIRST_NAMES = ("forename", "forenames", "first name", "given name")
_NUMBERED = re.compile(r" (?:[1-9]|code)$")


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


class ProposedRows(NamedTuple):
    """Rows of one file of an extract that may be made from a file of the source."""

    file: File
    matches: tuple[Match, ...]

    def of(self, name: str) -> Match | None:
        """Return the match of a column, if it has one."""
        return next((match for match in self.matches if match.name == name and match.own), None)


def agency_of(files: Sequence[LookedAt]) -> Agency:
    """Return whose export it seems to be."""
    names = {name for file in files for name in file.header.names}
    values = [value for file in files for column in file.columns for value in column[:50]]
    cps = any("lawyer" in name or "prosecutor" in name for name in names) or any("@cps." in value for value in values)
    return Agency.CPS if cps else Agency.POLICE


def proposed(configuration: Configuration, looked: LookedAt, agency: Agency) -> Iterator[ProposedRows]:
    """Yield what may be made from the rows of a file, in the order of an extract's files."""
    for name, file in FILES.items():
        hints = vocabulary().files.get(name)
        if hints is None or file.only_from not in {None, agency}:
            continue
        found = {column.name: match for column in file.columns if (match := _match(configuration, column, looked))}
        if all(any(one in found for one in group) for group in hints.anchors):
            yield ProposedRows(file, tuple(found.values()))


def _match(configuration: Configuration, column: Column, looked: LookedAt) -> Match | None:
    """Return the best match of a column, if its header is known and its values are not all strange."""
    scored = [
        (score, fit(configuration, column, looked.columns[place]), place)
        for name, place in looked.header.names.items()
        if (score := _score(column.name, name)) and place < len(looked.columns)
    ]
    if not scored:
        return None
    score, best, place = max(scored, key=lambda one: (one[0][0], one[1].share, one[0][1], -one[2]))
    sureness = _sureness(score[0], best)
    if sureness is None:
        return None
    own = [looked.header.written[place]]
    if column.name == "offence_codes":
        stem = _NUMBERED.sub("", _plain(own[0]))
        own = [title for title in looked.header.written if _NUMBERED.sub("", _plain(title)) == stem and title]
    first = next((looked.header.names[name] for name in _FIRST_NAMES if name in looked.header.names), None)
    if column.name == "name" and first is not None:
        own, best = [looked.header.written[first], *own], best._replace(recipe={"joined": " "})
    return Match(column.name, tuple(own), best, sureness, column.required and column.instead is None)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))


def _score(column: str, header: str) -> tuple[int, int] | None:
    """Return how well a header names a column: 3 its name, 2 holds its name; and the length of what it names."""
    whole, last = _plain(header), _plain(header.rpartition("/")[2])
    best = (0, 0)
    for phrase in (*vocabulary().headers.get(column, ()), _plain(column), _plain(column.removesuffix("_on"))):
        if phrase in {whole, last}:
            best = max(best, (3, len(phrase)))
        elif len(phrase) > 3 and re.search(rf"\b{phrase}\b", whole):
            best = max(best, (2, len(phrase)))
    return best if best[0] else None


def _sureness(score: int, found: Fit) -> Sureness | None:
    if not found.filled:
        return Sureness.GUESS if score == 3 else None
    if score == 3 and found.share >= 0.95:
        return Sureness.SURE
    if found.share >= 0.8:
        return Sureness.LIKELY
    return Sureness.GUESS if found.share >= 0.4 and score == 3 else None


def recipe_of(match: Match) -> dict[str, Any]:
    """Return a match's recipe without what only the proposal needs."""
    own: Any = match.own[0] if len(match.own) == 1 else list(match.own)
    made = {"from": own, **{key: value for key, value in match.fit.recipe.items() if key not in {"days", "unknown"}}}
    return made | ({"list_at": ";"} if match.name == "offence_codes" and len(match.own) > 1 else {})

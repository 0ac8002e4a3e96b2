"""References of incidents, tasks and orders: whether their cases are known, and what tells them apart."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from tasks.intake.files import CASES
from tasks.intake.profiles.proposal.fits import part_of
from tasks.intake.profiles.proposal.fitting import are_days
from tasks.intake.profiles.proposal.looking import ROWS, LookedAt, repeat
from tasks.intake.profiles.proposal.matching import Match, ProposedRows, Sureness
from tasks.intake.profiles.proposal.naming import title_words
from tasks.intake.profiles.proposal.persons import CHILDREN
from tasks.intake.profiles.proposal.shapes import shape
from tasks.platform.text import number_of

_ENOUGH = 0.95  # of the rows, below which it is asked whose the others are


class KnownCases(NamedTuple):
    """The references of the cases of an export, and the file that has them."""

    read: str
    cells: Sequence[str]


def known_cases(found: Iterable[tuple[ProposedRows, LookedAt]]) -> KnownCases | None:
    """Return the references of the file of cases, if there is one."""
    for rows, looked in found:
        for match in (match for match in rows.matches if rows.file is CASES and match.name == "case_ref"):
            return KnownCases(looked.named, _made(match, looked))
    return None


def with_doubt(rows: ProposedRows, looked: LookedAt, cases: KnownCases | None) -> ProposedRows:
    """Return rows of incidents, tasks and so on of which it is asked whose they are, where many name no known case."""
    if cases is None or rows.file.name not in CHILDREN:
        return rows
    return rows._replace(matches=tuple(_doubted(match, looked, cases) for match in rows.matches))


def _doubted(match: Match, looked: LookedAt, cases: KnownCases) -> Match:
    if match.name != "case_ref" or match.is_asked:
        return match
    is_whole = len(cases.cells) < ROWS  # else other cases are there, whose references are written alike
    alike: Callable[[str], str] = str if is_whole else shape
    cells, known = [*filter(None, _made(match, looked))], {*map(alike, filter(None, cases.cells))}
    found = sum(alike(cell) in known for cell in cells)
    if found >= _ENOUGH * len(cells):
        return match
    how = "are found" if is_whole else "are written as those"
    many = f"{found:,} of {number_of(len(cells), 'reference')} {how} in {cases.read}"
    return match._replace(
        sureness=Sureness.GUESS, doubt=f"{many}: how are the others written, or of which cases are they?"
    )


def _made(match: Match, looked: LookedAt) -> list[str]:
    """Return the references as the recipe makes them."""
    recipe, made = match.fit.recipe, []
    for cell in looked.cells(match.own[0]):
        text = cell
        for sign, other in recipe.get("replace", {}).items():
            text = text.replace(sign, other)
        made.append((part_of(text, recipe) if "split_at" in recipe else text).strip())
    return made


def with_its_day(match: Match, looked: LookedAt) -> Match | None:
    """Return a reference that begins again each day as one with its own day, as a log's number with the log's day."""
    own = match.own[0]
    of = title_words(own).partition(" ")[0]
    titles = [title for title in looked.header.written if title and title != own and " / " not in title]
    for title in (title for title in titles if title_words(title).partition(" ")[0] == of):
        cells = looked.cells(title)
        if all(map(str.strip, cells)) and are_days(cells, looked.always) and not repeat(looked, [title, own]):
            fit = match.fit._replace(recipe={**match.fit.recipe, "joined": "-"})
            return match._replace(own=(title, own), fit=fit, sureness=Sureness.LIKELY)
    return None

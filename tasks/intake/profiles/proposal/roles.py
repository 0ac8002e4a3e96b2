"""Persons of a case by their roles in it: which of them a file of an extract is of."""

from collections.abc import Sequence

from config.sources.cells import folded
from tasks.intake.profiles.proposal.looking import LookedAt
from tasks.intake.profiles.proposal.naming import title_words
from tasks.intake.profiles.proposal.vocabulary import RoleWords, vocabulary

_MOST = 20  # roles


def roles_of(looked: LookedAt, file: str) -> list[str] | None:
    """Return the roles of those persons whom a file of an extract is of, as a file of all persons of a case has them.

    None if it has no column of roles, or the file is not of persons.
    """
    title, words = role_column(looked, file), vocabulary().files[file].role
    if title is None or words is None:
        return None
    return sorted({cell.strip() for cell in looked.cells(title) if folded(cell).startswith(words.begins)})


def role_column(looked: LookedAt, file: str) -> str | None:
    """Return the column of persons' roles in a case, where it matters for a file of an extract: by header, or cells."""
    words = vocabulary().files[file].role
    titles = [looked.title(place) for place in looked.header.names.values() if place < len(looked.columns)]
    if words is None:
        return None
    by_header = (title for title in titles if _ends(title, words.headers))
    return next(by_header, None) or next((title for title in titles if _are_roles(looked.cells(title), words)), None)


def _ends(title: str, names: Sequence[str]) -> bool:
    words = title_words(title).removesuffix(" code").removesuffix(" type")
    return f" {words}".endswith(tuple(f" {name}" for name in names))


def _are_roles(cells: Sequence[str], words: RoleWords) -> bool:
    """Return whether cells are roles, of those whom a file is of and of others."""
    texts = {folded(cell) for cell in cells}
    found = [any(text.startswith(begins) for text in texts) for begins in (words.begins, words.beside) if begins]
    return len(found) > 1 and all(found) and len(texts) <= _MOST

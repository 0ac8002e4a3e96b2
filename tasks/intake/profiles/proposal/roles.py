"""Persons of a case by their roles in it: which of them a file of an extract is of."""

from config.sources.cells import folded
from tasks.intake.profiles.proposal.looking import LookedAt
from tasks.intake.profiles.proposal.naming import title_words
from tasks.intake.profiles.proposal.vocabulary import vocabulary


def roles_of(looked: LookedAt, file: str) -> list[str] | None:
    """Return the roles of those persons whom a file of an extract is of, as a file of all persons of a case has them.

    None if it has no column of roles, or the file is not of persons.
    """
    title, words = role_column(looked, file), vocabulary().files[file].role
    if title is None or words is None:
        return None
    return sorted({cell.strip() for cell in looked.cells(title) if folded(cell).startswith(words.begins)})


def role_column(looked: LookedAt, file: str) -> str | None:
    """Return the column of persons' roles in a case, where it matters for a file of an extract."""
    words = vocabulary().files[file].role
    titles = (looked.title(place) for place in looked.header.names.values() if place < len(looked.columns))
    return next((title for title in titles if words and title_words(title) in map(title_words, words.headers)), None)

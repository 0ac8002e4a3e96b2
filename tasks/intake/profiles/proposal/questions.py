"""Questions of a proposed profile: columns that fit alike, or one in doubt, for somebody who knows the system."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from tasks.intake.profiles.proposal.looking import LookedAt
from tasks.intake.profiles.proposal.matching import Match, ProposedRows
from tasks.intake.profiles.proposal.shapes import told


class Question(NamedTuple):
    """Which of a file's columns is one of ours: each by its title, with what there is to know of its cells."""

    read: str
    rows_of: str
    column: str
    choices: tuple[str, ...]
    told: tuple[str, ...]
    doubt: str = ""  # why one column alone is asked of

    @property
    def sentence(self) -> str:
        """The question as a person reads it."""
        if self.doubt:
            return f"{self.read}: is {self.column} of {self.rows_of} {self.choices[0]}? {self.doubt}"
        return f"{self.read}: which column is {self.column} of {self.rows_of}? {' or '.join(self.choices)}?"


NONE_OF_THEM = 0
AskSomebody = Callable[[Question], int | None]  # the number of a choice from 1, NONE_OF_THEM, or None: it stays open


def stays_open(_: Question) -> None:
    """Answer nothing, where nobody is there to be asked."""


def answered(rows: ProposedRows, looked: LookedAt, ask: AskSomebody) -> ProposedRows:
    """Return what may be made of a file once its questions were asked; those without an answer stay."""
    matches = (_answered(match, rows, looked, ask) for match in rows.matches)
    return rows._replace(matches=tuple(match for match in matches if match))


def _answered(match: Match, rows: ProposedRows, looked: LookedAt, ask: AskSomebody) -> Match | None:
    number = ask(_question(match, rows, looked)) if match.is_asked else None
    if number is None:
        return match
    return None if number == NONE_OF_THEM else match.choices[number - 1]._replace(rivals=(), doubt="")


def questions_of(rows: ProposedRows, looked: LookedAt) -> Iterator[Question]:
    """Yield the questions that are open."""
    yield from (_question(match, rows, looked) for match in rows.asked)


def _question(match: Match, rows: ProposedRows, looked: LookedAt) -> Question:
    titles = tuple(choice.own[-1] for choice in match.choices)
    shown = tuple(told(title, looked.cells(title)) for title in titles)
    return Question(looked.named, rows.file.name, match.name, titles, shown, match.doubt)

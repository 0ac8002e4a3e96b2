"""Sentences about rows: in full for the file of rejected rows, and without any cell for screens, which cron mails."""

from typing import Self


class Quoting(str):
    """A sentence that repeats a cell, for the file of rejected rows; `plain` is the same sentence without the cell."""

    __slots__ = ("plain",)
    plain: str

    def __new__(cls, sentence: str, plain: str) -> Self:
        """Make a sentence of its two forms."""
        made = super().__new__(cls, sentence)
        made.plain = plain
        return made


def without_cells(sentence: str) -> str:
    """Return a sentence as a screen, a log or a mail may show it."""
    return sentence.plain if isinstance(sentence, Quoting) else sentence


def printable(text: str, longest: int = 40) -> str:
    """Cut a text and replace what a terminal does not print."""
    plain = "".join(character if character.isprintable() else "?" for character in text[: longest + 1])
    return plain if len(plain) <= longest else f"{plain[:longest]}…"

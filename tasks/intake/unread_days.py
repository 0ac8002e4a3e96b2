"""Cells of columns of days, or of numbers, that a profile could not read."""

from typing import Self


class NotDay(str):
    """A cell that a profile could not read as a day; as a text, no other form takes it for one."""

    __slots__ = ("cell", "reason")
    cell: str
    reason: str

    def __new__(cls, cell: str, written: str) -> Self:
        """Keep the cell, and the forms of days that it does not have."""
        made = super().__new__(cls, f"{cell}\x1f{written}")
        made.cell, made.reason = cell, f"is not a day written {written}"
        return made

    @classmethod
    def again(cls, text: str) -> str:
        """Return a cell of a column of days that was stored as a text: one that was none is none again."""
        cell, between, written = text.rpartition("\x1f")
        return cls(cell, written) if between else text


class NotNumber(NotDay):
    """A cell that a profile could not read as a whole number."""

    __slots__ = ()

    def __new__(cls, cell: str) -> Self:
        """Keep the cell."""
        made = super().__new__(cls, cell, "")
        made.reason = "is not a whole number"
        return made

"""What is said of a column and of a file in the table of `tasks.intake.files`."""

from dataclasses import dataclass, field
from functools import cached_property

from config.terms import Agency
from models.base import Base
from tasks.intake.checks import Check
from tasks.intake.forms import Form


@dataclass(frozen=True)
class Column:
    """One column: its name in the file, the form of its cells, whether it must be there and filled."""

    name: str
    form: Form
    required: bool = False
    stored: str | None = ""

    @property
    def kept_as(self) -> str | None:
        """The model's column; None where the cell is only checked."""
        return self.name if self.stored == "" else self.stored


@dataclass(frozen=True)
class File:
    """One file: the table its rows go to, what tells one row from another, its columns, and its checks across cells."""

    name: str
    table: type[Base]
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    checks: tuple[Check, ...] = ()
    either: bool = False  # force_code and case_ref, or urn
    only_from: Agency | None = None
    people: tuple[str, ...] = field(default=())  # columns that name a contact, which may not be known

    @property
    def of_cases(self) -> bool:
        """Whether its rows name a case, or are one."""
        return any(column.name == "case_ref" for column in self.columns)

    @cached_property
    def names(self) -> frozenset[str]:
        """Every column that the file may have."""
        return frozenset(column.name for column in self.columns)

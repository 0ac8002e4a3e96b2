"""Types of the table in `tasks.intake.files`: a column and a file."""

from dataclasses import dataclass, field
from functools import cached_property

from config.terms import Agency
from models.base import Base
from tasks.intake.checks import Check
from tasks.intake.forms import DAY, PERSON, Form


@dataclass(frozen=True)
class Column:
    """A column of an extract file: its name, the form of its cells, and whether it must be present and filled.

    `instead` is what is loaded, with a warning, in place of a cell that is lacking or does not fit; without it, such a
    cell is a problem of its row.
    """

    name: str
    form: Form
    required: bool = False
    stored: str | None = ""
    instead: str | None = None

    @property
    def kept_as(self) -> str | None:
        """The name of the model's column; None if the cell is only checked."""
        return self.name if self.stored == "" else self.stored


def need(name: str, form: Form) -> Column:
    """Declare a required column."""
    return Column(name, form, required=True)


def may(name: str, form: Form, stored: str | None = "") -> Column:
    """Declare an optional column."""
    return Column(name, form, stored=stored)


def people(*names: str) -> tuple[Column, ...]:
    """Declare optional columns that name a contact: a row is loaded without one that is no reference."""
    return tuple(Column(name, PERSON, instead=PERSON.empty) for name in names)


def days(*names: str) -> tuple[Column, ...]:
    """Declare optional columns that hold days."""
    return tuple(Column(name, DAY) for name in names)


@dataclass(frozen=True)
class File:
    """A file of an extract: its target table, the key of its rows, its columns, and its checks across cells."""

    name: str
    table: type[Base]
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    checks: tuple[Check, ...] = ()
    either: bool = False  # whether rows name their case by force_code and case_ref, or by urn
    only_from: Agency | None = None
    people: tuple[str, ...] = field(default=())  # columns that name a contact, who may be unknown
    lasting: frozenset[str] = frozenset()  # columns whose values stay when a snapshot no longer has them

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of all columns that the file may have."""
        return frozenset(column.name for column in self.columns)

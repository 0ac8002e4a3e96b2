"""The temporary table of an extract's file, and the joins of its rows with their case and their stored row."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    FromClause,
    Integer,
    MetaData,
    Subquery,
    Table,
    Text,
    and_,
    func,
    select,
)

from models.intake import CaseKey

KEYS = cast("Table", CaseKey.__table__)


@dataclass(frozen=True)
class Staged:
    """One file's temporary table, the table that stores its rows, and the columns that identify a row."""

    table: Table
    target: Table
    key: tuple[str, ...]

    @cached_property
    def of_cases(self) -> bool:
        """Return whether its rows are cases."""
        return "urn_key_id" in self.target.c

    @cached_property
    def names_a_case(self) -> bool:
        """Return whether its rows are cases or belong to one."""
        return self.of_cases or "key_id" in self.target.c

    @cached_property
    def by_key_id(self) -> str | None:
        """Return the stored column that equals the row's case key, where that identifies a row."""
        if self.of_cases:
            return "id"
        return "key_id" if "urn_root" in self.key else None

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """Return the stored columns that an extract fills, named alike in both tables, with keys of case and URN."""
        said = [column.name for column in self.table.c if column.name in self.target.c]
        keys = ["urn_key_id"] if self.of_cases else ["key_id"] if self.names_a_case else []
        return (*said, *keys)

    @cached_property
    def identity(self) -> ColumnElement[str]:
        """Return the identity of a row of the file as one text; null where it could not be read."""
        if "urn_root" in self.key:
            named = self.table.c.force_code.concat("/").concat(self.table.c.case_ref)
            return func.coalesce(self.table.c.urn_root, named)
        first, *others = (self.table.c[name].cast(Text) for name in self.key)
        text: ColumnElement[str] = first
        for other in others:
            text = text.concat("\n").concat(other)
        return text

    def rows(self, where: ColumnElement[bool] | None = None) -> Subquery:
        """Return its rows, each with the id of the key of its case (and of its URN, for a case)."""
        stage, own, shared = self.table, KEYS.alias("own"), KEYS.alias("shared")
        found: list[ColumnElement[Any]] = list(stage.c)
        source: FromClause = stage
        if self.names_a_case:
            source = source.outerjoin(
                own, and_(own.c.force_code == stage.c.force_code, own.c.case_ref == stage.c.case_ref)
            )
            key_id: ColumnElement[int] = own.c.id
            if "urn_root" in stage.c:
                source = source.outerjoin(shared, shared.c.urn_root == stage.c.urn_root)
                key_id = own.c.id if self.of_cases else func.coalesce(own.c.id, shared.c.id)
            found.append(key_id.label("key_id"))
            if self.of_cases:
                found.append(shared.c.id.label("urn_key_id"))
        rows = select(*found).select_from(source)
        return (rows.where(where) if where is not None else rows).subquery("r")

    @cached_property
    def joined(self) -> list[str]:
        """Return the columns that joins use: the planner needs their statistics."""
        names = {*self.key, "force_code", "case_ref", "urn_root"}
        return [column.name for column in self.table.c if column.name in names]

    @cached_property
    def good(self) -> ColumnElement[bool]:
        """Return the condition of rows that load."""
        return and_(~self.table.c.bad, ~self.table.c.withdrawn)

    def match(self, stored: FromClause, row: FromClause) -> ColumnElement[bool]:
        """Return the condition that a stored row is the one that a row of the file is about."""
        if self.by_key_id:
            return stored.c[self.by_key_id] == row.c.key_id
        return and_(*(stored.c[name] == row.c[name] for name in self.key))


def staged(target: Table, columns: Iterable[tuple[str, str]], key: tuple[str, ...]) -> Staged:
    """Describe the temporary table of a file: `columns` are (name in the file, name in its table).

    A `urn` fills two columns, its root and its suffix. A column that is not stored is text.
    """
    names = [name for said, stored in columns for name in (("urn_root", "urn_suffix") if said == "urn" else (stored,))]
    made = Table(
        f"staged_{target.name}",
        MetaData(),
        Column("line", Integer),
        Column("bad", Boolean),
        Column("withdrawn", Boolean),
        *(Column(name, target.c[name].type if name in target.c else Text()) for name in names),
        prefixes=["TEMPORARY"],
        postgresql_on_commit="DROP",
    )
    return Staged(made, target, key)


class RowEffect(StrEnum):
    """The effect of a file on a row."""

    ADDED = "added"
    CHANGED = "changed"
    GONE = "gone"
    KEPT = "kept"  # left out, and not withdrawn: its case is missing from its source


@cache
def wanted(file: Staged) -> Table:
    """Describe the temporary table of a file's differences: a row's new facts, or only the key of a row that is gone.

    `really` is whether a fact differs from the stored one, `old_key_id` the key of the case that the row leaves.
    """
    said = [Column(name, file.target.c[name].type) for name in file.facts]
    if file.of_cases:
        said.append(Column("key_id", BigInteger))
    return Table(
        f"wanted_{file.target.name}",
        MetaData(),
        *said,
        Column("old_key_id", BigInteger),
        Column("really", Boolean),
        Column("what", Text),
        prefixes=["TEMPORARY"],
        postgresql_on_commit="DROP",
    )


# The cases that an extract changes, by their key or their URN's.
TOUCHED = Table(
    "touched",
    MetaData(),
    Column("key_id", BigInteger),
    Column("rows", BigInteger),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)

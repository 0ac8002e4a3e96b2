"""The declarative base: a naming convention for constraints, forms of indexes, and the type that guards moments."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Identity, Index, MetaData, Text, TextClause, text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def partial_index(name: str, *columns: str | TextClause, where: str, **options: Any) -> Index:
    """Return an index of the rows that meet a condition."""
    return Index(name, *columns, postgresql_where=text(where), **options)


def unique_unless_void(name: str, *columns: str, void: str) -> Index:
    """Return a unique key, in PostgreSQL's own form, that any number of rows may share whose column `void` says so."""
    own_id = text(f"(\nCASE\n    WHEN {void} = 'void'::text THEN id\n    ELSE NULL::bigint\nEND)")
    return Index(name, *columns, own_id, unique=True, postgresql_nulls_not_distinct=True)


class Moment(TypeDecorator[datetime]):
    """A moment, stored in UTC. Naive moments are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Write a moment in UTC, since PostgreSQL knows fewer offsets than Python. Refuse one without a time zone."""
        del dialect
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment without a zone cannot be stored")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Return moments in UTC, whatever the connection's zone."""
        del dialect
        return value.astimezone(UTC) if value is not None else None


class Base(DeclarativeBase):
    """The base of every table."""

    metadata = MetaData(naming_convention=CONVENTION)
    type_annotation_map = {datetime: Moment(), str: Text()}  # noqa: RUF012  SQLAlchemy's own form


class Numbered:
    """The column of a table whose rows the database numbers."""

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)

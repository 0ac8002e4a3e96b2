"""The declarative base: one naming convention for constraints, and the column type that guards moments."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, MetaData, Text, TextClause, text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def unless_void(column: str) -> TextClause:
    """Return the last column of a unique key that any number of void rows may share; in PostgreSQL's own form."""
    return text(f"(\nCASE\n    WHEN {column} = 'void'::text THEN id\n    ELSE NULL::bigint\nEND)")


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

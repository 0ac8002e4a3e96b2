"""The changes that intake notices between two extracts of a source, and that no column tells."""

from datetime import date

from sqlalchemy import BigInteger, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from config.seen import SeenKind
from config.terms import SuspectStatus
from models.base import Base, Numbered


class EarlierDay(Numbered, Base):
    """A day that the row of a case, a suspect or a defendant had until an extract gave it another."""

    __tablename__ = "earlier_days"
    __table_args__ = (UniqueConstraint("key_id", "ref", "name", "day", "state", postgresql_nulls_not_distinct=True),)
    key_id: Mapped[int] = mapped_column(BigInteger)
    ref: Mapped[str | None]  # of a suspect or defendant; null: of the case's own row
    name: Mapped[str]  # the column that told it
    day: Mapped[date]
    state: Mapped[SuspectStatus | None] = mapped_column(Text)  # of a status: which one began on the day
    until_on: Mapped[date]  # the London day of the extract before the one that told another


class NoticedChange(Numbered, Base):
    """A risk that was lowered, or a known end of bail that moved to a later day."""

    __tablename__ = "seen_changes"
    __table_args__ = (
        UniqueConstraint("key_id", "suspect_ref", "kind", "seen_on", "since_on", postgresql_nulls_not_distinct=True),
    )
    key_id: Mapped[int] = mapped_column(BigInteger)
    suspect_ref: Mapped[str | None]  # null: of the case's own row
    kind: Mapped[SeenKind] = mapped_column(Text)
    seen_on: Mapped[date]  # the London day of the extract that told it
    since_on: Mapped[date]  # that of the extract before

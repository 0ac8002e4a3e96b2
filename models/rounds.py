"""The rounds that ran, their accounts, the undoings of some, and the switches that survive a restart."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Numbered


class Round(Numbered, Base):
    """One force's round of one day: its account and times. `force_code` '--' is the round as a whole.

    One that has no end, and whose lock nobody holds, was killed.
    """

    __tablename__ = "rounds"
    __table_args__ = (Index("ix_rounds_force_code_day", "force_code", "day"),)
    force_code: Mapped[str]
    day: Mapped[date]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    account: Mapped[dict[str, Any]] = mapped_column(JSONB)
    failure: Mapped[str | None]  # an opaque reason; null: it runs, or ended well
    undoing_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("undoings.id"))  # set: it counts no more


class Undoing(Numbered, Base):
    """One way back from rounds that ran in days that had not come: who asked for it, when, and what it undid."""

    __tablename__ = "undoings"
    after_on: Mapped[date]  # the day after which the rounds were undone
    by_ref: Mapped[str]
    undone_on: Mapped[date]
    undone_at: Mapped[datetime]
    account: Mapped[dict[str, Any]] = mapped_column(JSONB)  # the counts of what was undone


class Switch(Base):
    """A named fact about the installation: held, mailed (mail.host has been set), policy, calendar."""

    __tablename__ = "switches"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
    set_at: Mapped[datetime]
    set_by: Mapped[str] = mapped_column(Text)

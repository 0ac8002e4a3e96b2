"""The rounds that ran, their accounts, and the switches that survive a restart."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Identity, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Round(Base):
    """One force's round of one day: its account and times. `force_code` '--' is the round as a whole."""

    __tablename__ = "rounds"
    __table_args__ = (Index("ix_rounds_force_code_day", "force_code", "day"),)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    force_code: Mapped[str]
    day: Mapped[date]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    account: Mapped[dict[str, Any]] = mapped_column(JSONB)


class Switch(Base):
    """A named fact about the installation: held, mailed (mail.host has been set), policy, calendar."""

    __tablename__ = "switches"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
    set_at: Mapped[datetime]
    set_by: Mapped[str] = mapped_column(Text)

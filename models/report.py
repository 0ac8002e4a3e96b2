"""The monitoring report's figures of past months, kept as they were reported."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Numbered


class ReportFigures(Numbered, Base):
    """A month's figures of one place: counts and medians, which name nobody."""

    __tablename__ = "report_figures"
    __table_args__ = (UniqueConstraint("month_on", "force_code", "cps_area", postgresql_nulls_not_distinct=True),)
    month_on: Mapped[date]  # its first day
    force_code: Mapped[str | None]  # null: of all forces
    cps_area: Mapped[str | None]  # null: of all CPS Areas
    figures: Mapped[dict[str, Any]] = mapped_column(JSONB)
    sight: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))  # the sources it is without
    made_at: Mapped[datetime]

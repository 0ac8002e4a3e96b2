"""The people of a case, one row each: suspects, as police send them, and defendants, as CPS does."""

from datetime import date

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from config.terms import SuspectStatus
from models.base import Base, partial_index
from models.cases import BelongsToCase


class SuspectRow(BelongsToCase, Base):
    """One suspect of a case. A case with supplied rows has these suspects, in the place of its own row's."""

    __tablename__ = "suspects"
    __table_args__ = (partial_index("ix_suspects_suspect_key", "suspect_key", where="suspect_key is not null"),)
    suspect_ref: Mapped[str] = mapped_column(primary_key=True)
    suspect_status: Mapped[SuspectStatus | None] = mapped_column(Text)
    status_changed_on: Mapped[date | None]
    status_on: Mapped[date | None]  # the status day, which intake keeps; null while there is no status
    status_seen_on: Mapped[date | None]  # the extract that changed the status, or a day sent no more; null: neither
    bail_ends_on: Mapped[date | None]
    bail_varied_on: Mapped[date | None]
    bail_views_on: Mapped[date | None]
    release_reviewed_on: Mapped[date | None]
    arrest_attempted_on: Mapped[date | None]
    charged_on: Mapped[date | None]
    suspect_key: Mapped[str | None]


class DefendantRow(BelongsToCase, Base):
    """One defendant of a case. A case with supplied rows has these defendants, in the place of its CPS row's."""

    __tablename__ = "defendants"
    defendant_ref: Mapped[str] = mapped_column(primary_key=True)
    in_custody: Mapped[bool | None]
    ctl_expires_on: Mapped[date | None]

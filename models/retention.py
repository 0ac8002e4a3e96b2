"""Legal holds, and the digests of cases that were erased."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from config.doors import Door
from config.retention import HoldReason
from models.base import Base, Numbered, partial_index


class LegalHold(Numbered, Base):
    """A person's request that a case be kept. It holds until it is released, whatever its day."""

    __tablename__ = "holds"
    __table_args__ = (
        partial_index(
            "uq_holds_standing",
            "case_id",
            "reason",
            "reference",
            where="released_at is null",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
    )
    case_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("cases.id"))
    reason: Mapped[HoldReason] = mapped_column(Text)
    reference: Mapped[str | None]  # of the file that it is for, elsewhere
    by_ref: Mapped[str]
    door: Mapped[Door] = mapped_column(Text)
    through_ref: Mapped[str]  # as of models.rules.people.act.Act
    held_at: Mapped[datetime]
    released_by: Mapped[str | None]
    released_at: Mapped[datetime | None]


class Erasure(Base):
    """A case or a URN that was erased, by a digest whose key is not in the database."""

    __tablename__ = "erasures"
    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    erased_on: Mapped[date]

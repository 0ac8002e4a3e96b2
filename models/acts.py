"""People's acts: in whose name, by which door, and the row that came of it; and the grades that they confirmed."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Boolean, CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from config.doors import Door
from models.base import Base, Numbered, partial_index


class ActRow(Numbered, Base):
    """One act. What was done before acts were kept has none: its door is not known, and none is made up."""

    __tablename__ = "acts"
    __table_args__ = (
        CheckConstraint(
            "num_nonnulls(promise_id, completion_id, outcome_id, convening_id, undoing_id, hold_id, extract_id,"
            " confirmation_id) = 1",
            name="of_one",
        ),
        Index("ix_acts_case_id", "case_id"),
        *(
            partial_index(f"ix_acts_{of}_id", f"{of}_id", where=f"{of}_id is not null")
            for of in ("promise", "outcome", "convening", "hold", "confirmation")  # which a purge deletes
        ),
        partial_index("ix_acts_completion_id", "completion_id", where="completion_id is not null"),
        partial_index("ix_acts_extract_id", "extract_id", where="extract_id is not null"),
    )
    made_at: Mapped[datetime]
    made_on: Mapped[date]
    by_ref: Mapped[str]  # the contact in whose name it was done
    door: Mapped[Door] = mapped_column(Text)
    through_ref: Mapped[str]  # as of models.rules.people.act.Act
    case_id: Mapped[int | None] = mapped_column(BigInteger)  # null: of rounds, or of an extract
    promise_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("promises.id"))
    completion_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("completions.id"))
    outcome_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("outcomes.id"))
    convening_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("convenings.id"))  # a case was moved there
    undoing_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("undoings.id"))
    hold_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("holds.id"))
    extract_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("extracts.id"))  # held, and decided on
    confirmation_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("confirmations.id"))
    undoes: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))  # set: it took that back


class Confirmation(Numbered, Base):
    """A person's confirmation in Casebeat that the grade of a case's risk was looked at and is right.

    It counts beside its source's own day, whatever else changes in the source's row.
    """

    __tablename__ = "confirmations"
    case_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("cases.id"), index=True)
    by_ref: Mapped[str]
    confirmed_on: Mapped[date]
    made_at: Mapped[datetime]
    stands: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))  # unset: it was taken back

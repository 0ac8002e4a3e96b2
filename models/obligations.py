"""Obligations, the ladder steps taken for them, and the promises made about them."""

from datetime import date, datetime

from sqlalchemy import ARRAY, BigInteger, Boolean, Date, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.orm import Mapped, mapped_column

from config.acknowledgement import PromiseType
from config.terms import EndReason, OwedBy, StepOutcome
from models.base import Base, Numbered, partial_index, unique_unless_void
from models.rules.catalogue.contents import CONVENED


class Obligation(Numbered, Base):
    """One version of what one side owes on a case by a day under a named rule. `ended_on` is null while it is live."""

    __tablename__ = "obligations"
    __table_args__ = (
        unique_unless_void("uq_obligations_version", "case_id", "rule", "subject", "version", void="end_reason"),
        partial_index(
            "uq_obligations_live",
            "case_id",
            "rule",
            "subject",
            where="ended_on is null",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        partial_index("ix_obligations_next_step", "force_code", "next_step_on", where="ended_on is null"),
        # for convening: the reviews that fall due, without the rest of what a force owes
        partial_index(
            "ix_obligations_joint_review", "force_code", "due_on", where=f"ended_on is null and rule in {CONVENED}"
        ),
        # for a force's summary: obligations that stall cases, and hard clocks
        partial_index(
            "ix_obligations_stalling", "force_code", "escalate_on", where="ended_on is null and (stalls or hard)"
        ),
        # for what changed since a letter: the same that ended since a day
        partial_index(
            "ix_obligations_unstalled", "force_code", "ended_on", where="ended_on is not null and (stalls or hard)"
        ),
        # includes the force: otherwise each force's round would read these people's rows of every force
        partial_index(
            "ix_obligations_through",
            "through",
            text("(array[force_code])"),
            where="ended_on is null and last_step > 0",
            postgresql_using="gin",
        ),
        {"postgresql_with": {"fillfactor": "85"}},
    )
    case_id: Mapped[int | None] = mapped_column(BigInteger)
    force_code: Mapped[str | None]
    rule: Mapped[str]
    subject: Mapped[str]
    version: Mapped[int]
    chain_from: Mapped[int]  # the first version of this run of versions; itself if it starts a new run
    edition: Mapped[str]
    owed_by: Mapped[OwedBy] = mapped_column(Text)
    due_on: Mapped[date]
    remind_on: Mapped[date]
    escalate_on: Mapped[date]
    done_on: Mapped[date | None]
    hard: Mapped[bool] = mapped_column(Boolean)
    stalls: Mapped[bool] = mapped_column(Boolean)
    because: Mapped[list[list[str | None]]] = mapped_column(JSON)  # models.rules.result.Term, each part as text
    note: Mapped[str] = mapped_column(server_default=text("''"))
    parts: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))  # the missing ones, by name
    began_on: Mapped[date]
    # whether letters of the day on which it began had left by then
    begun_after_letters: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    ended_on: Mapped[date | None]
    end_reason: Mapped[EndReason | None] = mapped_column(Text)
    fact_on: Mapped[date | None]  # the day of the fact that ended it, where its source gives one
    fact: Mapped[str] = mapped_column(server_default=text("''"))  # that fact, in a sentence for who was told of it
    lost: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))  # whether its end is no success
    # whether letters of the day on which it ended had left by then
    after_letters: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    last_step: Mapped[int] = mapped_column(server_default=text("0"))  # 1 is the ladder's first step; 0 is no step yet
    taken_on: Mapped[list[date | None]] = mapped_column(ARRAY(Date), server_default=text("'{}'"))  # per step
    next_step_on: Mapped[date | None]  # the next day on which a step can fall due
    # Whom the present step was addressed to (of a step that chases, its owners), so that a newcomer is known; an empty
    # text is operations. And all on whom that depends: contacts, roles in a place, panels.
    addressed: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    through: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))


class StepTaken(Numbered, Base):
    """A step of one version: taken, superseded by a later one, deliberately silent, or void, with the reason."""

    __tablename__ = "steps"
    __table_args__ = (
        unique_unless_void("uq_steps_outcome", "obligation_id", "step", "outcome", void="outcome"),
        Index("ix_steps_on_day", "on_day"),
    )
    obligation_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("obligations.id"))
    step: Mapped[int]
    name: Mapped[str]
    on_day: Mapped[date]
    outcome: Mapped[StepOutcome] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(server_default=text("''"))


class Promise(Numbered, Base):
    """An acknowledgement: a named person has taken on the obligation until a day."""

    __tablename__ = "promises"
    __table_args__ = (partial_index("uq_promises_standing", "obligation_id", where="ended_on is null", unique=True),)
    obligation_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("obligations.id"), index=True)
    by_ref: Mapped[str]
    made_at: Mapped[datetime]
    made_on: Mapped[date]
    until_on: Mapped[date]
    renewals: Mapped[int] = mapped_column(server_default=text("0"))
    type: Mapped[PromiseType | None] = mapped_column(Text)
    reason: Mapped[str]  # kept for explain, never sent
    ended_on: Mapped[date | None]
    end: Mapped[str | None]  # lapsed, renewed, moved earlier, ended

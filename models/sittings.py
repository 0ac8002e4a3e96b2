"""Sittings of panels: the cases convened to them, the invitations, the agendas and the outcomes."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from config.sittings import AgendaOccasion, ConveningEnd, ConveningReason, Enquiries, Pattern, ReviewDecision
from models import quorum
from models.base import Base, Numbered, partial_index


class SittingRow(Numbered, Base):
    """One dated meeting of a panel. Its reference names the day it was first planned for, and stays when it moves."""

    __tablename__ = "sittings"
    __table_args__ = (
        UniqueConstraint("ref"),
        partial_index(
            "uq_sittings_planned", "force_code", "cps_area", "starts_at", where="cancelled_on is null", unique=True
        ),
        partial_index("ix_sittings_day", "day", where="cancelled_on is null"),
    )
    ref: Mapped[str]
    force_code: Mapped[str]
    cps_area: Mapped[str]
    day: Mapped[date]
    starts_at: Mapped[datetime]
    places: Mapped[int]
    minutes_per_case: Mapped[int]
    chair_ref: Mapped[str]
    place: Mapped[str]  # from the panel: a room or a link
    rule: Mapped[str | None]  # the panel's timetable that names its day; null: planned before sittings kept it
    ruled_on: Mapped[date | None]  # its day by that rule: another where this is no working day
    cancelled_on: Mapped[date | None]
    settled_on: Mapped[date | None]  # the day on which its cases got their minutes, which stay from then on
    undoing_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("undoings.id"))  # set: planned too early;
    # it is planned again under the same reference


class Convening(Numbered, Base):
    """One case's place at one sitting. It is live until the sitting has an outcome for the case, or the case moves."""

    __tablename__ = "convenings"
    __table_args__ = (
        partial_index("uq_convenings_live", "case_id", where="ended_on is null", unique=True),
        partial_index("uq_convenings_slot", "sitting_id", "slot", where="ended_on is null", unique=True),
        Index("ix_convenings_case_id_id", "case_id", "id"),
        Index("ix_convenings_sitting_id", "sitting_id"),  # with the cases that were there before, for an agenda
    )
    case_id: Mapped[int] = mapped_column(BigInteger)
    sitting_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("sittings.id"))
    slot: Mapped[int]  # from 0: its time starts at slot times minutes_per_case, and stays once the sitting is settled
    due_on: Mapped[date]  # the due day of the review when the case was convened
    deadline_on: Mapped[date]  # the last day it could sit in time when it was convened
    because: Mapped[ConveningReason] = mapped_column(Text)
    chosen_by: Mapped[str | None]  # the person who moved it there; null: Casebeat
    convened_on: Mapped[date]
    ended_on: Mapped[date | None]
    end: Mapped[ConveningEnd | None] = mapped_column(Text)


class OutcomeRow(Numbered, Base):
    """The outcome of a case at its sitting, from a person or from an extract's row. The latest one counts."""

    __tablename__ = "outcomes"
    __table_args__ = (
        partial_index("uq_outcomes_standing", "convening_id", where="stands", unique=True),
        Index("ix_outcomes_convening_id", "convening_id"),
    )
    convening_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("convenings.id"))
    held: Mapped[bool] = mapped_column(Boolean)
    police_attended: Mapped[bool] = mapped_column(Boolean)
    cps_attended: Mapped[bool] = mapped_column(Boolean)
    quorate: Mapped[bool] = mapped_column(Boolean, Computed(quorum.OF_AN_OUTCOME, persisted=True))
    decisions: Mapped[list[ReviewDecision]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    pattern: Mapped[Pattern | None] = mapped_column(Text)
    enquiries: Mapped[Enquiries | None] = mapped_column(Text)  # null: nobody recorded it
    by_ref: Mapped[str | None]  # null: it came from an extract
    review_ref: Mapped[str | None]  # the row in reviews that counts it; null where it was not held
    action_refs: Mapped[list[str] | None] = mapped_column(ARRAY(Text))  # what it asked for; null: not kept then
    recorded_on: Mapped[date]
    recorded_at: Mapped[datetime]
    stands: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))


class SeriesRow(Numbered, Base):
    """The sittings that one rule of a panel names: a recurring event for whoever leads them by right."""

    __tablename__ = "series"
    __table_args__ = (
        UniqueConstraint("ref"),
        partial_index("uq_series_open", "force_code", "cps_area", "rule", where="ended_on is null", unique=True),
    )
    ref: Mapped[str]
    force_code: Mapped[str]
    cps_area: Mapped[str]
    rule: Mapped[str]  # as of its sittings
    ended_on: Mapped[date | None]  # the day on which no panel had the rule any more


class Invitation(Numbered, Base):
    """One person's calendar event for a sitting or a series, as last sent. It stays one event through every change."""

    __tablename__ = "invitations"
    __table_args__ = (
        Index(
            "uq_invitations_event",
            "sitting_id",
            "series_id",
            "contact_ref",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        partial_index("ix_invitations_series_id", "series_id", where="series_id is not null"),
        CheckConstraint("num_nonnulls(sitting_id, series_id) = 1", name="of_one"),
    )
    sitting_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("sittings.id"))
    series_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("series.id"))
    contact_ref: Mapped[str]
    sequence: Mapped[int]  # from 0, one more with each change
    event: Mapped[dict[str, Any]] = mapped_column(JSONB)  # its content: time, place and case references
    told_on: Mapped[date]  # the day on which the last message about it leaves
    cancelled: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))


class AgendaRow(Numbered, Base):
    """An agenda made for a sitting, with its lines, so that the next one marks only what is new."""

    __tablename__ = "agendas"
    __table_args__ = (
        partial_index("uq_agendas_made", "sitting_id", "occasion", "day", where="undoing_id is null", unique=True),
    )
    sitting_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("sittings.id"))
    occasion: Mapped[AgendaOccasion] = mapped_column(Text)
    day: Mapped[date]  # the day of the sitting; a sitting that moves has another agenda for its new day
    made_on: Mapped[date]
    digest: Mapped[str]  # SHA-256 of its content without the day
    seen: Mapped[dict[str, Any]] = mapped_column(JSONB)  # by case id: the keys of its lines
    undoing_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("undoings.id"))  # set: its round was undone

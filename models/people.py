"""Contacts, their absences and their training."""

from datetime import date

from sqlalchemy import ARRAY, Boolean, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from config.terms import Agency
from config.training import Course
from models.base import Base, partial_index
from models.intake import Supplied

OF_THEM = {"erased": True}  # of a column of contacts: it is emptied a while after they have left


class Contact(Supplied, Base):
    """A person who owes, supervises or leads. Only mails have their name and address, and no log or run."""

    __tablename__ = "contacts"
    __table_args__ = (
        # contacts for whom the day of a round can matter
        partial_index(
            "ix_contacts_moving",
            "contact_ref",
            where="changed or active_from is not null or active_to is not null or withdrawn_on is not null",
        ),
        partial_index("ix_contacts_leading", "contact_ref", where="roles && array['spoc', 'lead', 'legal_manager']"),
        partial_index("ix_contacts_prosecuting", "contact_ref", where="'prosecutor' = any(roles)"),
        Index("ix_contacts_address", text("lower(email)")),
        Index("ix_contacts_reference", text("lower(contact_ref)")),
        Index("ix_contacts_slack", "slack_user_id"),
    )
    contact_ref: Mapped[str] = mapped_column(primary_key=True)
    agency: Mapped[Agency] = mapped_column(Text)
    name: Mapped[str] = mapped_column(info=OF_THEM)
    email: Mapped[str] = mapped_column(info=OF_THEM)
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    force_codes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    cps_areas: Mapped[list[str]] = mapped_column(ARRAY(Text))
    slack_user_id: Mapped[str | None] = mapped_column(info=OF_THEM)
    deputy_ref: Mapped[str | None] = mapped_column(info=OF_THEM)
    active_from: Mapped[date | None]
    active_to: Mapped[date | None]  # inclusive
    restricted_access: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    first_seen_on: Mapped[date]
    changed: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))  # changed since the last round read it


class Absence(Supplied, Base):
    """Days, both inclusive, on which a contact's deputy receives messages instead."""

    __tablename__ = "absences"
    __table_args__ = (
        partial_index("ix_absences_changed", "contact_ref", where="changed"),
        Index("ix_absences_to_on", "to_on"),
    )
    contact_ref: Mapped[str] = mapped_column(primary_key=True)
    from_on: Mapped[date] = mapped_column(primary_key=True)
    to_on: Mapped[date] = mapped_column(primary_key=True)
    changed: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))


class Training(Supplied, Base):
    """Training that a contact completed."""

    __tablename__ = "training"
    contact_ref: Mapped[str] = mapped_column(primary_key=True)
    course: Mapped[Course] = mapped_column(Text, primary_key=True)
    completed_on: Mapped[date] = mapped_column(primary_key=True)
    expires_on: Mapped[date | None]

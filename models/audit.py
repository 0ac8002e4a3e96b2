"""The audit log: append-only, closed to the application role. Its chain is sealed apart from its writing."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Identity, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from config.terms import Verb
from models.base import Base


class AuditRow(Base):
    """One processing operation (DPA 2018 s.62): the verb, when, who did it, to whom it went, and why."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))
    verb: Mapped[Verb] = mapped_column(Text)
    by: Mapped[str]  # casebeat, or a contact_ref, or an operating-system account
    about: Mapped[str]  # what kind of thing: step, message, extract, promise, case, list
    ref: Mapped[str]  # its reference: ids and case references only
    to_ref: Mapped[str | None]  # a disclosure's recipient: a contact_ref, or operations
    reason: Mapped[str]  # the rule, or the command
    detail: Mapped[dict[str, Any] | None] = mapped_column(JSONB)

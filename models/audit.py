"""The audit log and its seals: append-only. The application role may add rows and may not change them."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Integer, Text, text
from sqlalchemy.dialects.postgresql import INT8MULTIRANGE, JSONB, Range
from sqlalchemy.orm import Mapped, mapped_column

from config.terms import Verb
from models.base import Base, Numbered


class AuditRow(Numbered, Base):
    """One processing operation (DPA 2018 s.62): the verb, when, who did it, who received it, and why."""

    __tablename__ = "audit"
    at: Mapped[datetime] = mapped_column(server_default=text("statement_timestamp()"))
    verb: Mapped[Verb] = mapped_column(Text)
    by: Mapped[str]  # casebeat, or a contact_ref, or an operating-system account
    about: Mapped[str]  # the kind of subject: step, message, extract, promise, case, list
    ref: Mapped[str]  # the subject's reference: ids and case references only
    to_ref: Mapped[str | None]  # a disclosure's recipient: a contact_ref, operations, victim or suspect
    reason: Mapped[str]  # the rule, or the command
    detail: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class AuditSeal(Base):
    """A digest over audit rows and over the seal before, so that a change of any of them shows."""

    __tablename__ = "audit_seals"
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)  # 1, 2, 3: no gap
    sealed_at: Mapped[datetime]
    ids: Mapped[list[Range[int]]] = mapped_column(INT8MULTIRANGE)  # of its rows
    row_count: Mapped[int] = mapped_column(Integer)
    reach: Mapped[int] = mapped_column(BigInteger)  # the largest id of this seal and of those before
    marks: Mapped[bytes]  # the first eight bytes of each row's digest, by id: they show which row is not the same
    digest: Mapped[bytes]  # SHA-256 of the seal before, of this one's number, moment and ids, and of its rows' digests

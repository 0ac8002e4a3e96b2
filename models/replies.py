"""Replies to messages: what each meant and what became of it. Their words are looked at and not kept."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from config.replies import Answered
from models.base import Base


class Reply(Base):
    """One mail that somebody known wrote, claimed by its identity in the transaction of its effect."""

    __tablename__ = "replies"
    __table_args__ = (
        UniqueConstraint("identity"),
        Index("ix_replies_contact_ref_day", "contact_ref", "day"),
        Index("ix_replies_message_id", "message_id", postgresql_where=sql("message_id is not null")),
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    identity: Mapped[str]  # a digest of its Message-ID, or of the whole where it has none
    day: Mapped[date]
    read_at: Mapped[datetime]
    contact_ref: Mapped[str | None]  # whose key it holds; where that is refused, whose address it came from
    obligation_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("obligations.id"))
    answered: Mapped[Answered | None] = mapped_column(Text)
    on_day: Mapped[date | None]  # promised until, or done on
    because: Mapped[str] = mapped_column(server_default=sql("''"))  # why it is refused or unclear, in our own words
    in_reply_to: Mapped[str] = mapped_column(server_default=sql("''"))  # its Message-ID, for the answer's header
    message_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("messages.id"))  # null: no answer was due

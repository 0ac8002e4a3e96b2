"""Replies to messages: the meaning and the result of each. Their text is read and not kept."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from config.replies import Answered
from models.base import Base, Numbered, partial_index


class Reply(Numbered, Base):
    """One mail from a known person, claimed by its identity in the transaction of its effect."""

    __tablename__ = "replies"
    __table_args__ = (
        UniqueConstraint("identity"),
        Index("ix_replies_contact_ref_day", "contact_ref", "day"),
        partial_index("ix_replies_obligation_id", "obligation_id", where="obligation_id is not null"),
        partial_index("ix_replies_message_id", "message_id", where="message_id is not null"),
    )
    identity: Mapped[str]  # a digest of its Message-ID, sender, keys and text
    day: Mapped[date]
    read_at: Mapped[datetime]
    contact_ref: Mapped[str | None]  # from its key or, where the key is refused, from the sender's address
    obligation_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("obligations.id"))
    answered: Mapped[Answered | None] = mapped_column(Text)
    on_day: Mapped[date | None]  # promised until, or done on
    because: Mapped[str] = mapped_column(server_default=sql("''"))  # why it is refused or unclear; our own text
    in_reply_to: Mapped[str] = mapped_column(server_default=sql("''"))  # its Message-ID, for the answer's header
    message_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("messages.id"))  # null: no answer was due

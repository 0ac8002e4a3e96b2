"""The pattern lists of letters, to tell what is new to their readers."""

from sqlalchemy import ARRAY, BigInteger, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class ListedPattern(Base):
    """A case on a letter's pattern list, with the keys of its facts; or on an agenda, with those of its relations."""

    __tablename__ = "listed_patterns"
    __table_args__ = (Index("ix_listed_patterns_case_id", "case_id"),)
    message_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("messages.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("cases.id"), primary_key=True)
    keys: Mapped[list[str]] = mapped_column(ARRAY(Text))  # of numbers and ids: incidents:3, same_suspect:17

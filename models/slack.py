"""Slack state: conversations with people, a thread for each case and place, its posts, and clicks."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from config.slack import Click, ClickState
from models.base import Base, Numbered, partial_index


class Conversation(Base):
    """The conversation with one person. It is opened once, before a message to it is marked as being sent."""

    __tablename__ = "slack_conversations"
    slack_user_id: Mapped[str] = mapped_column(primary_key=True)
    channel_id: Mapped[str]


class Thread(Base):
    """One case's thread in a channel that a force or CPS Area shares. Its parent is a message of the outbox."""

    __tablename__ = "threads"
    __table_args__ = (Index("ix_threads_case_id_place", "case_id", "place"),)  # unique by its message's key
    message_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("messages.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("cases.id"))
    place: Mapped[str]  # a force code, or a CPS Area
    shown: Mapped[str] = mapped_column(server_default=text("''"))  # a digest of the case's state when last shown


class ThreadPost(Base):
    """One step in a case's thread: a message of the outbox, sent after the thread's parent has its place."""

    __tablename__ = "thread_posts"
    __table_args__ = (
        Index("ix_thread_posts_thread_id", "thread_id"),
        Index("ix_thread_posts_notification_id", "notification_id"),
    )
    message_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("messages.id"), primary_key=True)
    thread_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("threads.message_id"))
    notification_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("notifications.id"))  # one of the step's


class ClickRow(Numbered, Base):
    """One click, stored before it is acknowledged to Slack and handled afterwards. The same click is one row."""

    __tablename__ = "clicks"
    __table_args__ = (
        UniqueConstraint("channel_id", "ts", "key", "click", "slack_user_id", "nonce"),
        partial_index("ix_clicks_heard", "id", where="state = 'heard'"),
    )
    channel_id: Mapped[str]
    ts: Mapped[str]
    key: Mapped[str]  # the button's sealed value, not yet verified
    click: Mapped[Click] = mapped_column(Text)
    slack_user_id: Mapped[str]
    nonce: Mapped[str]  # the day chosen; for a button without a day, Slack's own moment of the click
    heard_at: Mapped[datetime]
    state: Mapped[ClickState] = mapped_column(Text, server_default=text("'heard'"))
    answer: Mapped[str] = mapped_column(server_default=text("''"))  # the answer to the person: references and days only

"""What is kept of Slack: conversations with people, a thread for each case of a place, its posts, and clicks."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from config.slack import Click, Heard
from models.base import Base


class Conversation(Base):
    """The conversation with one person, opened once; a message is told its name before it is marked as being sent."""

    __tablename__ = "slack_conversations"
    slack_user_id: Mapped[str] = mapped_column(primary_key=True)
    channel_id: Mapped[str]


class Thread(Base):
    """One case's thread in the Slack channel of a force or CPS Area; its parent is a message of the outbox."""

    __tablename__ = "threads"
    __table_args__ = (Index("ix_threads_case_id_place", "case_id", "place"),)  # its message's key is what is unique
    message_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("messages.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("cases.id"))
    place: Mapped[str]  # a force code, or a CPS Area
    shown: Mapped[str] = mapped_column(server_default=text("''"))  # a digest of how the case stood when last shown


class ThreadPost(Base):
    """One step in a case's thread: a message of the outbox, after the thread's parent has its place."""

    __tablename__ = "thread_posts"
    __table_args__ = (Index("ix_thread_posts_thread_id", "thread_id"),)
    message_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("messages.id"), primary_key=True)
    thread_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("threads.message_id"))
    notification_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("notifications.id"))  # one of those who heard


class ClickRow(Base):
    """What was clicked, stored before it is acknowledged to Slack and acted upon after. The same click is one row."""

    __tablename__ = "clicks"
    __table_args__ = (
        UniqueConstraint("channel_id", "ts", "key", "click", "slack_user_id", "nonce"),
        Index("ix_clicks_heard", "id", postgresql_where=text("state = 'heard'")),
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    channel_id: Mapped[str]
    ts: Mapped[str]
    key: Mapped[str]  # what the button carried: sealed, and not yet believed
    click: Mapped[Click] = mapped_column(Text)
    slack_user_id: Mapped[str]
    nonce: Mapped[str]  # the day that was chosen; of a button without one, Slack's own moment of the click
    heard_at: Mapped[datetime]
    state: Mapped[Heard] = mapped_column(Text, server_default=text("'heard'"))
    answer: Mapped[str] = mapped_column(server_default=text("''"))  # what the person was told: references and days only

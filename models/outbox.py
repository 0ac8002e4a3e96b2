"""The outbox: notifications, and the messages that carry them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, LargeBinary, Text, UniqueConstraint, Uuid
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from config.message_kinds import MessageKind
from config.routes import Channel
from config.terms import Addressee, Duty, Happening, Manner, State
from models.base import Base, Numbered, partial_index, unique_unless_void
from models.rules.outbox.message_states import HELD, UNDELIVERED, WAITING

NAME_DIGITS = 16
# The digest by which a Message-ID names a message, also one that is void by now: PostgreSQL's own form, for an index
NAMED = f"""\"left\"(md5(regexp_replace(key, '^void:[0-9]+:'::text, ''::text)), {NAME_DIGITS})"""


class Message(Numbered, Base):
    """One message to one person on one channel, and its state from queued to sent."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_messages_day", "day", "kind"),
        Index("ix_messages_name", sql(NAMED)),
        partial_index(
            "ix_messages_waiting",
            "channel",
            sql("hard desc"),
            "due_at",
            "id",
            where=f"state in {WAITING} and letter_id is null",
        ),
        partial_index("ix_messages_letter_id", "letter_id", where="letter_id is not null"),
        partial_index("ix_messages_held", "lease_until", where=f"state in {HELD}"),
        partial_index("ix_messages_standing", "contact_ref", "channel", "day", where="standing"),
        partial_index("ix_messages_said", "contact_ref", "sending_at", where="sending_at is not null"),
        partial_index("ix_messages_letters_left", "day", where="kind = 'letter' and sending_at is not null"),
        partial_index("ix_messages_unknown", "sending_at", where=f"state = '{State.UNKNOWN}'"),
        partial_index("ix_messages_unsaid", "told", where=f"state in {UNDELIVERED}"),
        partial_index("ix_messages_transfer", "about", where="kind = 'transfer'"),
        partial_index("ix_messages_remote_ref", "remote_ref", where="channel = 'slack'"),
    )
    key: Mapped[str]  # ids and ISO days, never message text: letter:P45of1:email:2026-03-17
    kind: Mapped[MessageKind] = mapped_column(Text)
    contact_ref: Mapped[str | None]  # null: operations
    channel: Mapped[Channel] = mapped_column(Text)
    day: Mapped[date]
    standing: Mapped[bool] = mapped_column(Boolean, server_default=sql("false"))
    hard: Mapped[bool] = mapped_column(Boolean, server_default=sql("false"))
    about: Mapped[str | None]  # the sitting, or the force and Area; null: its notifications identify the subject
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))  # the letter in which it travels
    text: Mapped[str | None]  # operations only: the composed text, which holds counts and references only
    state: Mapped[State] = mapped_column(Text, server_default=sql(f"'{State.QUEUED}'"))
    reason: Mapped[str] = mapped_column(server_default=sql("''"))
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(server_default=sql("0"))
    first_tried_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    lease_token: Mapped[UUID | None] = mapped_column(Uuid)
    sending_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    remote_ref: Mapped[str | None]
    told: Mapped[bool] = mapped_column(Boolean, server_default=sql("false"))  # operations know it is dead or unknown
    body: Mapped[bytes | None] = mapped_column(LargeBinary)  # the bytes, rendered once, so that a repeat is identical


class Notification(Numbered, Base):
    """One item for one addressee on one channel, written in the transaction that decided it."""

    __tablename__ = "notifications"
    __table_args__ = (
        unique_unless_void(
            "uq_notifications_once", "obligation_id", "step", "occasion", "contact_ref", "channel", void="state"
        ),
        partial_index(
            "ix_notifications_unsaid",
            "contact_ref",
            "channel",
            where=f"message_id is null and state = '{State.QUEUED}'",
        ),
        partial_index("ix_notifications_message_id", "message_id", where="message_id is not null"),
        partial_index("ix_notifications_live", "contact_ref", "obligation_id", where="live"),
        Index("ix_notifications_day", "day"),
    )
    obligation_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("obligations.id"))
    happening: Mapped[Happening] = mapped_column(Text)
    step: Mapped[int]
    step_name: Mapped[str]
    occasion: Mapped[str] = mapped_column(server_default=sql("''"))  # tells a repeat of a step from the step
    day: Mapped[date]
    duty: Mapped[Duty] = mapped_column(Text)
    manner: Mapped[Manner] = mapped_column(Text)
    addressee: Mapped[Addressee] = mapped_column(Text)
    contact_ref: Mapped[str | None]
    channel: Mapped[Channel] = mapped_column(Text)
    note: Mapped[str] = mapped_column(server_default=sql("''"))  # reason for this person: fallback, deputy; roles
    state: Mapped[State] = mapped_column(Text, server_default=sql(f"'{State.QUEUED}'"))
    reason: Mapped[str] = mapped_column(server_default=sql("''"))
    message_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("messages.id"))
    # Whether its reader might not know the case when the message was composed, and read only that there is one
    withheld: Mapped[bool] = mapped_column(Boolean, server_default=sql("false"))
    live: Mapped[bool] = mapped_column(Boolean, server_default=sql("true"))  # false: its obligation ended for good;
    # what a person is still owed is found without the rest

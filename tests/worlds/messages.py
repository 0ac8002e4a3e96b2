"""What every message is composed of: the claimed message, its reader, and a batch whose values are given."""

from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import Connection

from config.message_kinds import MessageKind
from config.terms import Agency, Role
from models.queries.obligations.obligation_views import Reader
from models.queries.outbox.outbox import ClaimedMessage
from tasks.messages.composing import MessageBatch

NOW = datetime(2026, 3, 12, 9, tzinfo=UTC)  # a Thursday
TODAY = NOW.date()
NO_CONNECTION = cast("Connection", None)  # nothing is read: the values are given


def held(ref: str | None = "P1", key: str = "letter:1:P1:0", **given: Any) -> ClaimedMessage:
    """A claimed message to a person, or to operations."""
    one = ClaimedMessage(
        1, key, MessageKind.LETTER, ref, "email", TODAY, standing=False, hard=False, text=None, attempts=0, reason="",
        body=None, sign="",
    )  # fmt: skip
    return one._replace(**given)


def reader(ref: str = "P1", *, access: bool = False, email: str = "p1@surrey.police.uk") -> Reader:
    return Reader(ref, Agency.POLICE, "NAME", email, frozenset({Role.OFFICER}), ("45",), (), restricted_access=access)


def world(*readers: Reader, **given: Any) -> MessageBatch:
    """What a batch knows: these readers, and today."""
    made = MessageBatch.__new__(MessageBatch)
    made.readers, made.today, made.unrestricted, made.told = {one.ref: one for one in readers}, TODAY, set(), {}
    for name, value in given.items():
        setattr(made, name, value)
    return made

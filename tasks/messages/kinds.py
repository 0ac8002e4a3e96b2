"""The registry of kinds, in the order of their names in `config.message_kinds`."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection

from config import mail
from config.message_kinds import MessageKind
from models.queries.outbox.outbox import ClaimedMessage
from tasks.messages.composing import MessageBatch
from tasks.messages.kind import Kind, MessageComposer, kind_called

KINDS: dict[MessageKind, Kind[Any]] = {name: kind_called(name) for name in MessageKind}


@cache
def samples() -> dict[str, tuple[MessageKind, Any]]:
    """Return the made-up messages of all kinds, by name."""
    return {name: (kind.name, context) for kind in KINDS.values() for name, context in kind.sampled().items()}


def mailed() -> dict[str, tuple[MessageKind, Any]]:
    """Return the made-up messages that go by mail, by name."""
    return {name: sample for name, sample in samples().items() if sample[0] in mail.KINDS}


def composers(
    connection: Connection, messages: Sequence[ClaimedMessage], world: MessageBatch
) -> dict[MessageKind, MessageComposer]:
    """Read what a batch of messages needs, in a few statements for each kind that is among them."""
    found = {}
    for name, kind in KINDS.items():
        mine = [message for message in messages if message.kind is name]
        if mine and kind.composing:
            found[name] = kind.composing(connection, mine, world)
    return found

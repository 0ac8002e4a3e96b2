"""Composing of corrections, from the messages that they take back."""

from collections.abc import Sequence

from sqlalchemy import Connection

from config.message_kinds import MessageKind
from models.queries.outbox.outbox import ClaimedMessage
from models.queries.rounds import undone_messages
from models.rules.people.readdressing import LEFT
from tasks.messages.composing import ComposedMessage, MessageBatch
from tasks.messages.correction.contexts import CorrectionContext
from tasks.messages.readers import in_role


class CorrectionBatch:
    """The data that a batch of corrections needs, read in one statement."""

    def __init__(self, connection: Connection, batch: Sequence[ClaimedMessage]) -> None:
        ids = [held.id for held in batch if held.kind is MessageKind.CORRECTION]
        self._found = undone_messages.corrections(connection, ids) if ids else {}

    def has(self, held: ClaimedMessage) -> bool:
        """Return whether a message is a correction of this batch."""
        return held.id in self._found

    def compose(self, held: ClaimedMessage, world: MessageBatch) -> ComposedMessage:
        """Compose one correction."""
        one, reader = self._found[held.id], world.reader(held)
        if reader is None or not reader.email:
            return ComposedMessage(held, reader, None, {}, LEFT)
        role, _ = in_role(reader)
        return ComposedMessage(held, reader, CorrectionContext(day=world.today, reader=role, **one._asdict()), {})

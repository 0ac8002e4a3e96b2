"""Corrections: messages of a day that had not come were sent to a person, and do not count."""

from dataclasses import dataclass, replace
from datetime import date

from config.message_kinds import MessageKind
from models.queries.outbox.outbox import ClaimedMessage
from models.queries.rounds import undone_messages
from models.queries.rounds.undone_messages import Correction
from models.rules.people.readdressing import LEFT
from tasks.messages.composing import ComposedMessage, MessageBatch
from tasks.messages.kind import Kind, noticed
from tasks.messages.readers import in_role


@dataclass(frozen=True, kw_only=True)
class CorrectionContext:
    """How many messages of a day that had not come one person was sent on this channel."""

    day: date
    reader: str  # the reader's role
    messages: int
    first_on: date  # the first and the last day that these messages give
    last_on: date


def compose(correction: Correction, message: ClaimedMessage, world: MessageBatch) -> ComposedMessage:
    """Compose one correction."""
    reader = world.reader(message)
    if reader is None or world.has_left(message):
        return ComposedMessage(message, reader, None, {}, LEFT)
    role, _ = in_role(reader)
    return ComposedMessage(message, reader, CorrectionContext(day=world.today, reader=role, **correction._asdict()), {})


_DAY = date(2027, 3, 1)
_ONE = CorrectionContext(day=date(2026, 3, 16), reader="officer", messages=1, first_on=_DAY, last_on=_DAY)
SAMPLES = {
    "correction-one": _ONE,
    "correction-several": replace(_ONE, reader="spoc", messages=4, last_on=date(2027, 3, 2)),
}
KIND = Kind(
    name=MessageKind.CORRECTION,
    about="to whoever was sent messages of a day that had not come, that they do not count",
    context=CorrectionContext,
    samples=lambda: SAMPLES,
    composing=noticed(undone_messages.corrections, compose),
)

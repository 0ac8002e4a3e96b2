"""Messages to operations: counts and references, in words that were stored when something happened."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from config.message_kinds import MessageKind
from models.queries.outbox.outbox import ClaimedMessage
from tasks.messages.composing import ComposedMessage, MessageBatch
from tasks.messages.kind import Kind, singly


@dataclass(frozen=True, kw_only=True)
class OperationsContext:
    """A message to operations: a headline and lines of counts and references."""

    day: date
    at: datetime
    headline: str
    lines: tuple[str, ...]


def compose(message: ClaimedMessage, world: MessageBatch) -> ComposedMessage:
    """Compose a message to operations of its stored words."""
    headline, *lines = (message.text or "").strip().splitlines() or [""]
    context = OperationsContext(day=message.day, at=world.at, headline=headline, lines=tuple(lines))
    return ComposedMessage(message, None, context, {})


ROUND = OperationsContext(
    day=date(2026, 3, 16), at=datetime(2026, 3, 16, 6, 12, tzinfo=UTC),
    headline="412 of 412 open cases evaluated, 0 failed, 0 steps due",
    lines=("force 45: 212 open, 9 evaluated, 203 unchanged", "force 46: 200 open, 0 evaluated, 200 unchanged"),
)  # fmt: skip
KIND = Kind(
    name=MessageKind.OPERATIONS,
    about="what operations need to know: the day's round, what is wrong, what waits for a person",
    context=OperationsContext,
    samples=lambda: {"operations": ROUND},
    composing=singly(compose),
    filed="operations",
)

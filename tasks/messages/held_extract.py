"""Notices of an extract that is held, because it is unlike its source, to the leads of what it covers."""

from dataclasses import dataclass
from datetime import date

from config.message_kinds import MessageKind
from models.queries.intake import extracts
from models.queries.intake.extracts import HeldNotice
from models.queries.outbox.outbox import ClaimedMessage
from models.rules.people.readdressing import LEFT
from tasks.messages.composing import ComposedMessage, MessageBatch
from tasks.messages.contexts import DeskContext
from tasks.messages.kind import Kind, noticed
from tasks.messages.readers import of_desk
from tasks.platform.text import one_line

DECIDED = "it is held no more: somebody decided, or a later extract was loaded"


@dataclass(frozen=True, kw_only=True)
class HeldExtractContext(DeskContext):
    """An extract that waits for a decision, what it would do, and the day of the facts that count until then."""

    extract_id: str
    source: str
    sentence: str
    known_on: date


def compose(notice: HeldNotice, message: ClaimedMessage, world: MessageBatch) -> ComposedMessage:
    """Compose one message, unless it was decided on since."""
    reader = world.reader(message)
    if world.has_left(message):
        return ComposedMessage(message, reader, None, {}, LEFT)
    if not notice.waits:
        return ComposedMessage(message, reader, None, {}, DECIDED)
    context = HeldExtractContext(
        **of_desk(reader, world.today, world.configuration.settings.mail.operations),
        extract_id=notice.extract_id,
        source=one_line(notice.source),
        sentence=notice.sentence,
        known_on=notice.known_on,
    )
    return ComposedMessage(message, reader, context, {})


KIND = Kind(
    name=MessageKind.HELD_EXTRACT,
    about="that an extract is unlike its source and waits for a decision, to the leads of what it covers",
    context=HeldExtractContext,
    composing=noticed(extracts.held_notices, compose),
)

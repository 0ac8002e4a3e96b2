"""Composing of answers to replies, from the recorded result and the current state of the database."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection

from config.replies import Answered
from config.terms import MessageKind
from models.queries.obligations import obligation_views
from models.queries.obligations.obligation_views import NotificationView, Reader
from models.queries.outbox.outbox import ClaimedMessage
from models.queries.replies import replies
from models.queries.replies.replies import RecordedAnswer
from models.rules.people.readdressing import BARRED
from tasks.messages import reply_links
from tasks.messages.composing import ComposedMessage, MessageBatch
from tasks.messages.contexts import AnswerContext
from tasks.messages.itemising import grouped, item, ordered, situation
from tasks.messages.readers import closed_to, hears, in_role, open_to
from tasks.platform import configuration


class AnswerBatch:
    """The data that a batch of answers needs, read in two statements."""

    def __init__(self, connection: Connection, batch: Sequence[ClaimedMessage]) -> None:
        asked = {held.id: held.contact_ref or "" for held in batch if held.kind is MessageKind.ANSWER}
        self._recorded = replies.answers(connection, list(asked)) if asked else {}
        wanting = [asked[id_] for id_, each in self._recorded.items() if each.answered is Answered.STANDING]
        self._open = obligation_views.still_open(connection, wanting) if wanting else {}

    def has(self, held: ClaimedMessage) -> bool:
        """Return whether a message is an answer of this batch."""
        return held.id in self._recorded

    def compose(self, held: ClaimedMessage, world: MessageBatch) -> ComposedMessage:
        """Compose one answer. Nothing of it is silenced, since its reader waits for it.

        Only who was barred from the case since they wrote gets none.
        """
        reader, one = world.readers.get(held.contact_ref or ""), self._recorded[held.id]
        if reader is not None and one.told is not None and not hears(reader, one.told.matter):
            return ComposedMessage(held, reader, None, {}, BARRED)
        still_owed = self._open.get(held.contact_ref or "", []) if one.answered is Answered.STANDING else []
        context = _answer(one, still_owed, reader, world.today)
        return ComposedMessage(held, reader, context, {}, in_reply_to=one.in_reply_to)


def _answer(
    one: RecordedAnswer, still_owed: Sequence[NotificationView], reader: Reader | None, today: date
) -> AnswerContext:
    role, asks = in_role(reader)
    found = [each.matter for each in still_owed]
    items = ordered(item(each, reader, today) for each in still_owed if open_to(reader, each.matter))
    shown = items[: configuration.policy().letter.longest.listed]
    about = one.told if one.told and open_to(reader, one.told.matter) else None
    hidden = one.told is not None and about is None
    return AnswerContext(
        day=today,
        reader=role,
        asks=asks,
        answered=one.answered,
        on=one.on if not hidden or one.answered is Answered.PROMISED else None,  # others are days of its records
        because=one.because if not hidden or one.answered is Answered.UNCLEAR else "",
        restricted=int(hidden),
        item=item(about, reader, today) if about else None,
        counts=situation([each for each in found if open_to(reader, each)], len(closed_to(reader, found)), today),
        groups=grouped(shown, items),
        more=len(items) - len(shown),
        listed=tuple(items),
        reply=reply_links.for_standing(reader, today),
    )

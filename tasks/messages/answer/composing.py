"""Composing of answers to replies, from the recorded result and the current state of the database."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from config.message_kinds import MessageKind
from config.replies import Answered
from config.terms import Addressee, StepOutcome
from models.queries.obligations import obligation_views
from models.queries.obligations.obligation_views import NotificationView, ObligationView, Reader
from models.queries.outbox.outbox import ClaimedMessage
from models.queries.replies import replies
from models.queries.replies.replies import RecordedAnswer
from models.rules.people.readdressing import BARRED
from models.rules.references import CaseReference
from tasks.messages import reply_links
from tasks.messages.answer.contexts import AnswerContext, ShownObligation
from tasks.messages.composing import ComposedMessage, MessageBatch
from tasks.messages.contexts import FollowingStep, TriedStep
from tasks.messages.itemising import grouped, item, ordered, situation
from tasks.messages.readers import closed_to, hears, in_role, open_to
from tasks.obligations.explain import explain_to_reader
from tasks.obligations.obligation_history import subject_of
from tasks.platform import configuration


class AnswerBatch:
    """The data that a batch of answers needs, read in two statements, and the explanation of each case to be shown."""

    def __init__(self, connection: Connection, batch: Sequence[ClaimedMessage]) -> None:
        self._connection = connection
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
        reader, one = world.reader(held), self._recorded[held.id]
        if reader is not None and one.told is not None and not hears(reader, one.told.matter):
            return ComposedMessage(held, reader, None, {}, BARRED)
        still_owed = self._open.get(held.contact_ref or "", []) if one.answered is Answered.STANDING else []
        context = _answer(one, still_owed, reader, world.today)
        if context.item is not None and one.told is not None and one.answered is Answered.SHOWN:
            context = replace(context, shown=_shown(self._connection, one.told.matter, world.today))
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
        shown=None,
        counts=situation([each for each in found if open_to(reader, each)], len(closed_to(reader, found)), today),
        groups=grouped(shown, items),
        more=len(items) - len(shown),
        listed=tuple(items),
        reply=reply_links.for_standing(reader, today),
    )


def _shown(connection: Connection, matter: ObligationView, today: date) -> ShownObligation | None:
    """Explain a live obligation; None once it has ended. The reason of a promise is left out."""
    case = CaseReference(matter.force_code or "", matter.case_ref or "")
    asked = (matter.rule, subject_of(matter.subject))
    explained = explain_to_reader(connection, case, today)
    one = next((one for one in explained.owed if (one.rule, one.subject) == asked), None) if explained else None
    if explained is None or one is None:
        return None
    return ShownObligation(
        leads=explained.leads,
        sum=one.sum,
        warning=one.warning,
        said=tuple(TriedStep(step=step.step, on=step.on) for step in one.steps if step.outcome == StepOutcome.TAKEN),
        coming=tuple(
            FollowingStep(step=step.step, on=step.on, to=tuple(Addressee(to) for to in step.to)) for step in one.coming
        ),
    )

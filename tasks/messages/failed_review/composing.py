"""Composing of messages about repeatedly failed reviews, from current data, or the reason for silence."""

from collections.abc import Sequence

from sqlalchemy import Connection

from config.message_kinds import MessageKind
from models.queries.outbox.outbox import ClaimedMessage
from models.queries.reviews import failed_reviews
from models.queries.reviews.failed_reviews import RUNNING, Failure
from models.rules.obligations.rulebook import RULES
from models.rules.obligations.sitting_pause import JOINT_REVIEW
from models.rules.people.readdressing import BARRED, LEFT
from tasks.messages.composing import ComposedMessage, MessageBatch
from tasks.messages.failed_review.contexts import FailedReviewContext, FailedSitting
from tasks.messages.readers import counted_for, in_role, open_to

HELD_SINCE = "it fails no more: a review was held, or none is owed"


class FailedReviewBatch:
    """The data that a batch of these messages needs, read in one statement."""

    def __init__(self, connection: Connection, batch: Sequence[ClaimedMessage]) -> None:
        ids = [held.id for held in batch if held.kind is MessageKind.FAILED_REVIEW]
        self._found = failed_reviews.notices(connection, ids) if ids else {}

    def has(self, held: ClaimedMessage) -> bool:
        """Return whether a message is one of this batch about a failed review."""
        return held.id in self._found

    def compose(self, held: ClaimedMessage, world: MessageBatch) -> ComposedMessage:
        """Compose one message, unless the case's review has been held since."""
        one, reader = self._found[held.id], world.reader(held)
        if held.contact_ref and (reader is None or not reader.email):
            return ComposedMessage(held, reader, None, {}, LEFT)
        if len(one.failures) < RUNNING or one.due_on is None:
            return ComposedMessage(held, reader, None, {}, HELD_SINCE)
        if reader is not None and reader.ref in one.barred:
            return ComposedMessage(held, reader, None, {}, BARRED)
        role, asks = in_role(reader)
        shown = open_to(reader, one)
        context = FailedReviewContext(
            day=world.today,
            reader=role,
            asks=asks,
            reference=f"{one.force_code}/{one.case_ref}" if shown else "",
            urn=one.urn if shown else None,
            restricted=int(counted_for(reader, one)),
            failed=tuple(map(_failed, one.failures)),
            last_on=one.last_quorate_on,
            opened_on=one.opened_on,
            due_on=one.due_on,
            days=(world.today - one.due_on).days,
            next_on=one.next_on,
            duty=RULES[JOINT_REVIEW].duty,
            number=RULES[JOINT_REVIEW].number,
        )
        return ComposedMessage(held, reader, context, {})


def _failed(one: Failure) -> FailedSitting:
    if not one.held:
        return FailedSitting(on=one.on, how="not_reached" if one.not_reached else "not_held")
    return FailedSitting(on=one.on, how="police" if one.police_attended else "cps" if one.cps_attended else "nobody")

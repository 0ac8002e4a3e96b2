"""Messages about a case whose joint reviews failed repeatedly, to the leads of both sides."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from config.message_kinds import MessageKind
from config.terms import Authority
from models.queries.outbox.outbox import ClaimedMessage
from models.queries.reviews import failed_reviews
from models.queries.reviews.failed_reviews import RUNNING, Failure, FailureNotice
from models.rules.catalogue import joint_review
from models.rules.people.knowing import open_to
from models.rules.people.readdressing import BARRED, LEFT
from tasks.messages.composing import ComposedMessage, MessageBatch
from tasks.messages.contexts import ReaderContext
from tasks.messages.kind import Kind, noticed
from tasks.messages.readers import counted_for, of_reader


@dataclass(frozen=True, kw_only=True)
class FailedSitting:
    """A sitting at which the review was not held or did not count."""

    on: date
    how: Literal["not_held", "not_reached", "police", "cps", "nobody"]  # the last three: the only side that attended


@dataclass(frozen=True, kw_only=True)
class FailedReviewContext(ReaderContext):
    """A case whose joint review failed repeatedly; without a reference, one that this reader may not see."""

    reference: str
    urn: str | None
    restricted: int  # 1 without a reference, of a restricted case; else operations read that it needs an addressee
    failed: tuple[FailedSitting, ...]  # the latest first
    last_on: date | None  # the day of the last review that counted
    opened_on: date
    due_on: date
    days: int  # days since the due day; at most 0 if it is not overdue
    next_on: date | None  # the sitting to which the case is convened
    duty: Authority
    number: Authority


HELD_SINCE = "it fails no more: a review was held, or none is owed"


def compose(notice: FailureNotice, message: ClaimedMessage, world: MessageBatch) -> ComposedMessage:
    """Compose one message, unless the case's review has been held since."""
    reader = world.reader(message)
    if world.has_left(message):
        return ComposedMessage(message, reader, None, {}, LEFT)
    if len(notice.failures) < RUNNING or notice.due_on is None:
        return ComposedMessage(message, reader, None, {}, HELD_SINCE)
    if reader is not None and reader.ref in notice.barred:
        return ComposedMessage(message, reader, None, {}, BARRED)
    shown = open_to(reader, notice)
    context = FailedReviewContext(
        **of_reader(reader, world.today),
        reference=f"{notice.force_code}/{notice.case_ref}" if shown else "",
        urn=notice.urn if shown else None,
        restricted=int(counted_for(reader, notice)),
        failed=tuple(map(_failed, notice.failures)),
        last_on=notice.last_quorate_on,
        opened_on=notice.opened_on,
        due_on=notice.due_on,
        days=(world.today - notice.due_on).days,
        next_on=notice.next_on,
        duty=joint_review.RULE.duty,
        number=joint_review.RULE.number,
    )
    return ComposedMessage(message, reader, context, {})


def _failed(failure: Failure) -> FailedSitting:
    if not failure.held:
        return FailedSitting(on=failure.on, how="not_reached" if failure.not_reached else "not_held")
    return FailedSitting(
        on=failure.on, how="police" if failure.police_attended else "cps" if failure.cps_attended else "nobody"
    )


KIND = Kind(
    name=MessageKind.FAILED_REVIEW,
    about="that a case's joint review failed again, to the leads of both sides",
    context=FailedReviewContext,
    composing=noticed(failed_reviews.notices, compose),
)

"""Speaking: claimed messages become bytes with a place to go to, from the world as it is; or fall silent, or die."""

from collections.abc import Sequence

from sqlalchemy import Connection

from config import mailbox
from config.terms import Channel, State
from models.errors import Refuse, is_row_fault
from models.queries.outbox import outbox
from models.queries.outbox.outbox import ClaimedMessage
from models.rules.outbox.message_states import MOST_TRIES
from tasks.carriers.carrier import Answer, Carrier, Down
from tasks.carriers.slack.carrier import Carrier as Slack
from tasks.carriers.slack.prepare import Batch, Places, open_conversations, post_ref
from tasks.carriers.slack.threads import KINDS
from tasks.messages.agenda.composing import AgendaBatch
from tasks.messages.answer.composing import AnswerBatch
from tasks.messages.capacity.composing import CapacityBatch
from tasks.messages.composing import ComposedMessage, MessageBatch, compose
from tasks.messages.failed_review.composing import FailedReviewBatch
from tasks.messages.invitation.composing import InvitationBatch
from tasks.messages.letters import letter, repeated
from tasks.messages.rendering import render
from tasks.outbox.sending import ReadyMessage, Worker, again_at, put_back


def speak(worker: Worker, carrier: Carrier, claimed: Sequence[ClaimedMessage]) -> list[ReadyMessage]:
    """What is ready to go. What has nothing to say any more falls silent, with its reason. Raises Down."""
    try:
        places = open_conversations(worker.database, carrier, claimed) if isinstance(carrier, Slack) else {}
    except Down as down:
        put_back(worker, [held.id for held in claimed], str(down))
        raise
    return _apart(worker, claimed, places)


def _apart(worker: Worker, claimed: Sequence[ClaimedMessage], places: Places) -> list[ReadyMessage]:
    """Where the world of a batch cannot be read, its halves, down to the message at fault."""
    try:
        return _Speech(worker, places).of(claimed)
    except Exception as error:
        if not is_row_fault(error):
            raise
        if len(claimed) == 1:
            with worker.database.begin() as connection:
                end(connection, worker, claimed[0], _spoilt(error))
            return []
    middle = len(claimed) // 2
    return [*_apart(worker, claimed[:middle], places), *_apart(worker, claimed[middle:], places)]


def end(connection: Connection, worker: Worker, held: ClaimedMessage, answer: Answer) -> None:
    """A claimed message that does not go out now."""
    settled = outbox.settle(
        connection, [held.id], answer.state, reason=answer.reason, as_of=worker.as_of,
        due_at=again_at(worker, held, answer), token=worker.token,
    )  # fmt: skip
    worker.delivered.add(answer.state, settled)
    if settled and answer.state is State.DEAD:
        worker.delivered.dead.append((held.key, answer.reason))


def _spoilt(error: Exception) -> Answer:
    """One bad message never stops the rest: it is dead, and told."""
    return Answer(State.DEAD, f"could not be composed ({type(error).__name__})")


class _Speech:
    """One batch, read in a few statements however many messages it has."""

    def __init__(self, worker: Worker, places: Places) -> None:
        self._worker, self._places = worker, places

    def of(self, claimed: Sequence[ClaimedMessage]) -> list[ReadyMessage]:
        worker, ready = self._worker, []
        with worker.database.begin() as connection:
            stood = outbox.stands(connection, [held.id for held in claimed])
            self._world = MessageBatch(connection, claimed, worker.today.date())
            self._composers = (
                AnswerBatch(connection, claimed),
                InvitationBatch(connection, claimed, worker.as_of),
                AgendaBatch(connection, claimed, worker.today.date()),
                FailedReviewBatch(connection, claimed),
                CapacityBatch(connection, claimed, worker.today.date()),
            )
            self._posts = Batch(connection, claimed, worker.settings, self._places, worker.today.date())
            for held in claimed:
                try:
                    one = self._one(connection, held, stood.get(held.id))
                except Exception as error:
                    if not is_row_fault(error):
                        raise
                    one = _spoilt(error)
                if isinstance(one, ReadyMessage):
                    ready.append(one)
                else:
                    end(connection, worker, held, one)
        return ready

    def _one(self, connection: Connection, held: ClaimedMessage, stood: str | None) -> ReadyMessage | Answer:
        """A message as it is ready to go, or what becomes of it instead."""
        composed = self._composed(held)
        outbox.silence(connection, composed.silent)
        if composed.context is None:
            return Answer(State.SILENT, composed.nothing)
        by_slack = held.channel is Channel.SLACK
        to = self._posts.place(composed) if by_slack else self._address(composed)
        if isinstance(to, Answer):
            return to
        if held.attempts > MOST_TRIES:
            return Answer(State.DEAD, "tried for 24 hours in vain")
        body = self._posts.body(composed) if by_slack else self._letter(composed, to)
        return ReadyMessage(held, to, body, name(held), stood)

    def _composed(self, held: ClaimedMessage) -> ComposedMessage:
        if held.kind in KINDS:
            return self._posts.threads.compose(held)
        for each in self._composers:
            if each.has(held):
                return each.compose(held, self._world)
        return compose(held, self._world, self._worker.as_of)

    def _address(self, composed: ComposedMessage) -> str | Answer:
        mail = self._worker.settings.mail
        if composed.held.contact_ref is None:
            to = mail.operations or (mail.from_address if mail.host is None else "")
        else:
            address = composed.reader.email if composed.reader else ""
            to = address if mailbox.allowed(address, mail.allowed_domains) else ""
        return to or Answer(State.DEAD, "no address in an allowed domain")

    def _letter(self, composed: ComposedMessage, to: str) -> bytes:
        held, settings = composed.held, self._worker.settings
        if held.repeats and held.body is not None:
            return repeated(held.body)
        if composed.context is None:
            raise Refuse("a message with nothing to say has no letter")
        replies = settings.replies.address if settings.replies.host and composed.reader else ""
        rendered = render(held.kind, composed.context)
        body = letter(composed, rendered, settings.mail, to, self._worker.as_of, replies)
        return repeated(body) if held.repeats else body


def name(held: ClaimedMessage) -> str:
    """What a message is called to its carrier, the same for every try. Other apps may read what a post carries."""
    return post_ref(held.key) if held.channel is Channel.SLACK else held.key

"""Prepare claimed messages: each gets its bytes and its address from the world as it is, or is silent, or dead."""

from collections.abc import Sequence

from sqlalchemy import Connection

from config.terms import State
from models.errors import is_row_fault
from models.queries import pattern
from models.queries.outbox import digests, outbox
from models.queries.outbox.outbox import ClaimedMessage
from models.rules.outbox.message_states import MOST_TRIES
from tasks.carriers.carrier import Answer, Carrier, Down, Reading
from tasks.messages.composing import ComposedMessage, MessageBatch
from tasks.messages.contexts import EnclosedMessage
from tasks.messages.kinds import composers
from tasks.outbox.sending import ReadyMessage, Worker, put_back, try_again_at
from tasks.platform.diagnosis import reason
from tasks.platform.halving import by_halves


def prepare(worker: Worker, carrier: Carrier, claimed: Sequence[ClaimedMessage]) -> list[ReadyMessage]:
    """Prepare a batch of one carrier. A message that is out of date falls silent, with its reason. Raises Down."""
    try:
        reading = carrier.prepare(claimed)
    except Down as down:
        put_back(worker, [message.id for message in claimed], str(down))
        raise
    found = by_halves(
        claimed, _Batch(worker, reading).prepare, lambda message, error: _end_faulty(worker, message, error)
    )
    return [ready for each in found for ready in each]


def _end_faulty(worker: Worker, message: ClaimedMessage, error: Exception) -> list[ReadyMessage]:
    """Settle a message whose world cannot be read."""
    with worker.database.begin() as connection:
        end(connection, worker, message, _faulty(error))
    return []


def end(connection: Connection, worker: Worker, message: ClaimedMessage, answer: Answer) -> None:
    """Settle a claimed message that is not sent now."""
    settled = outbox.settle(
        connection, [message.id], answer.state, reason=answer.reason, as_of=worker.as_of,
        due_at=try_again_at(worker, message, answer), token=worker.token,
    )  # fmt: skip
    worker.delivered.add(answer.state, settled)
    if settled and answer.state is State.DEAD:
        worker.delivered.dead.append((message.key, answer.reason))


def _faulty(error: Exception) -> Answer:
    """Give up a message that cannot be composed. It is dead and reported; the rest go on."""
    return Answer(State.DEAD, f"could not be composed ({reason(error)})")


class _Batch:
    """One batch, read in a few statements however many messages it has."""

    def __init__(self, worker: Worker, reading: Reading) -> None:
        self._worker, self._reading = worker, reading

    def prepare(self, claimed: Sequence[ClaimedMessage]) -> list[ReadyMessage]:
        worker, ready = self._worker, []
        with worker.database.begin() as connection:
            ids = [message.id for message in claimed]
            worlds, enclosed = outbox.fingerprints(connection, ids), digests.enclosed(connection, ids)
            self._channel = self._reading(connection, claimed)
            everything = [*claimed, *(message for _, message in enclosed)]
            self._world = MessageBatch(worker.configuration, connection, everything, worker.as_of)
            fresh = [message for message in claimed if message.repeated_body is None]
            withheld = {id_ for message in fresh for id_ in self._world.withheld(message)}
            outbox.withhold(connection, [message.id for message in fresh], withheld)
            self._composers = composers(connection, everything, self._world)
            self._enclose(connection, enclosed)
            for message in claimed:
                try:
                    answer = self._one(connection, message, worlds.get(message.id))
                except Exception as error:
                    if not is_row_fault(error):
                        raise
                    answer = _faulty(error)
                if isinstance(answer, ReadyMessage):
                    ready.append(answer)
                else:
                    end(connection, worker, message, answer)
        return ready

    def _enclose(self, connection: Connection, enclosed: Sequence[tuple[int, ClaimedMessage]]) -> None:
        """Compose what travels in letters, by letter. What is out of date, or cannot be composed, falls silent."""
        for letter_id, message in enclosed:
            try:
                composed = self._composed(message)
                if composed.listed is not None:
                    pattern.keep(connection, message.id, composed.listed)
            except Exception as error:
                if not is_row_fault(error):
                    raise
                composed = ComposedMessage(message, None, None, {}, _faulty(error).reason)
            if composed.context is not None:
                self._world.enclosed.setdefault(letter_id, []).append(EnclosedMessage(message.kind, composed.context))
            else:
                outbox.settle(connection, [message.id], State.SILENT, reason=composed.nothing, as_of=self._worker.as_of)

    def _one(self, connection: Connection, message: ClaimedMessage, world: str | None) -> ReadyMessage | Answer:
        """Prepare one message, or decide what becomes of it instead."""
        composed = self._composed(message)
        outbox.silence(connection, composed.silent)
        if composed.listed is not None:
            pattern.keep(connection, message.id, composed.listed)
        if composed.context is None:
            return Answer(State.SILENT, composed.nothing)
        to = self._channel.address(composed)
        if isinstance(to, Answer):
            return to
        if message.attempts > MOST_TRIES:
            return Answer(State.DEAD, "tried for 24 hours in vain")
        return ReadyMessage(message, to, self._channel.body(composed, to), world)

    def _composed(self, message: ClaimedMessage) -> ComposedMessage:
        own = self._channel.compose(message)
        return own if own is not None else self._composers[message.kind].compose(message, self._world)

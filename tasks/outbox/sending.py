"""Send prepared messages one at a time: commit a fence before the network, and the answer after it."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol
from uuid import UUID

import psycopg2
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from config.days.london import LONDON
from config.terms import State
from models.queries.driver import Statement, execute
from models.queries.outbox import outbox
from models.queries.outbox.outbox import ClaimedMessage, Fence, Fenced
from models.rules.outbox.message_states import DELIVERED, UNSETTLED, wait_seconds
from tasks.carriers.carrier import Answer, Carrier, Down
from tasks.platform.configuration import Configuration
from tasks.platform.text import number_of

_JITTER = random.SystemRandom()
_MOST_PREPARED = 5  # how often a message whose world keeps changing is prepared again
_RECORD_AFTER = (0, 0.5, 1, 2, 4, 8)  # seconds between tries to record an answer


@dataclass
class DeliveryCounts:
    """The result of one delivery: messages by state, those that caps keep back, and carriers that are held or down."""

    mailed: bool = True  # false without mail.host: letters in the Maildir are shown, not sent
    counts: dict[State, int] = field(default_factory=dict)
    dead: list[tuple[str, str]] = field(default_factory=list)  # keys and reasons
    capped: int = 0
    waiting: int = 0  # due, and not sent yet
    put_back: int = 0  # of these, what a carrier refused that refuses everybody: due again in some minutes
    held: bool = False
    down: dict[str, str] = field(default_factory=dict)  # why a carrier as a whole could not be used
    busy: bool = False  # other deliveries use a carrier as much as it may be used
    taken: int = 0  # messages that count towards the run's cap

    def add(self, state: State, number: int = 1) -> None:
        """Count messages that reached a state."""
        if number:
            self.counts[state] = self.counts.get(state, 0) + number

    @property
    def degraded(self) -> bool:
        """Return whether a person should look at it."""
        return bool(self.dead or self.down or self.held or self.capped)

    @property
    def sentence(self) -> str:
        """Describe the delivery in one line of a round's summary."""
        parts = [f"{number} {state}" for state, number in sorted(self.counts.items())]
        waits = number_of(self.waiting, "message waits", "messages wait")
        if self.capped:
            parts.append(f"{self.capped} kept back by caps")
        if self.held:
            parts.append(f"the outbox is held: {waits} for casebeat outbox --release")
        if self.down:
            why = "; ".join(f"{channel}: {reason}" for channel, reason in sorted(self.down.items()))
            parts.append(f"the carrier is down ({why}): {waits}")
        if self.busy:
            parts.append(f"another delivery is using the mailbox: {waits}")
        return (", ".join(parts) or "nothing was due") + "."


@dataclass(frozen=True)
class Worker:
    """One delivery's moment, configuration and database, the token of what it claims, and its result."""

    as_of: datetime
    configuration: Configuration
    database: Engine
    token: UUID
    delivered: DeliveryCounts
    alarms_only: bool = False

    @property
    def today(self) -> datetime:
        """The London morning of the run's day, before anyone is at work."""
        return self.as_of.astimezone(LONDON).replace(hour=0, minute=0, second=0, microsecond=0)


class ReadyMessage(NamedTuple):
    """A claimed message with its address and bytes. `world` identifies the state of the world that they are of."""

    held: ClaimedMessage
    to: str
    body: bytes
    world: str | None


class _Answered(NamedTuple):
    one: ReadyMessage
    answer: Answer


Prepare = Callable[[ClaimedMessage], Sequence[ReadyMessage]]


class Judge(Protocol):
    """Judges the refusals of a run."""

    def heard(self, message: ReadyMessage, answer: Answer) -> Answer:
        """Return what to record of an answer."""

    def check(self) -> None:
        """Stop the run where the carrier refuses everybody. Raises Down."""


def send(worker: Worker, carrier: Carrier, ready: Sequence[ReadyMessage], prepare: Prepare, judge: Judge) -> None:
    """Send a batch. Each answer is committed with the fence of the next message, the last one by itself.

    `prepare` prepares a message again whose world has changed since; `judge` hears each answer. Raises Down; the
    messages that are left are back in the queue then, with no try counted.
    """
    answered: _Answered | None = None
    left = list(reversed(ready))
    try:
        with worker.database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            while left:
                if seconds := carrier.rest():
                    if answered:  # a kill in the meantime would make it unknown
                        _record(worker, carrier, answered)
                    answered = None
                    time.sleep(seconds)
                carrier.ready()
                fenced = _fenced(connection, worker, carrier, left[-1], answered)
                _count(worker, answered)
                answered = None
                message = left[-1] if fenced.won else None
                if fenced.changed:
                    message = _prepared_again(connection, worker, carrier, left[-1].held, prepare)
                if message is not None:
                    answer = carrier.send(message.to, message.body, message.held.sign)
                    answered = _Answered(message, judge.heard(message, answer))
                left.pop()
                if answered and answered.answer.state not in DELIVERED:
                    _record(worker, carrier, answered)
                    answered = None
                    judge.check()
    except Down as down:
        put_back(worker, [message.held.id for message in left], str(down))
        raise
    finally:
        if answered:
            _record(worker, carrier, answered)


def put_back(worker: Worker, ids: Sequence[int], why: str) -> None:
    """Put messages back into the queue, with no try counted."""
    with worker.database.begin() as connection:
        outbox.settle(
            connection, ids, State.QUEUED, reason=f"carrier down: {why}", as_of=worker.as_of, token=worker.token
        )


def _fenced(
    connection: Connection, worker: Worker, carrier: Carrier, message: ReadyMessage, answered: _Answered | None = None
) -> Fenced:
    """Mark a message as being sent, in the commit that records the answer before it.

    Raises where nobody knows whether that commit succeeded: nothing is sent, and the answer is recorded again.
    """
    to = message.to if carrier.searchable else None
    wanted = Fence(message.held.id, message.body, worker.as_of, message.world, to)
    return outbox.fence(connection, worker.token, wanted, _settlement(worker, answered) if answered else None)


def _prepared_again(
    connection: Connection, worker: Worker, carrier: Carrier, message: ClaimedMessage, prepare: Prepare
) -> ReadyMessage | None:
    """Prepare a message again whose world has changed, and fence it; None where it is not to be sent."""
    for _ in range(_MOST_PREPARED):
        messages = prepare(message)
        fenced = _fenced(connection, worker, carrier, messages[0]) if messages else Fenced(won=False)
        if not fenced.changed:
            return messages[0] if fenced.won else None
    return None


def _record(worker: Worker, carrier: Carrier, answered: _Answered) -> None:
    """Commit an answer. Doing it twice does no harm, so that a lost database is given time to come back."""
    for wait in _RECORD_AFTER:
        time.sleep(wait)
        try:
            with worker.database.begin() as connection:
                _settle(connection, worker, carrier, answered)
        except (DBAPIError, psycopg2.Error):
            if wait == _RECORD_AFTER[-1]:
                raise
        else:
            break
    _count(worker, answered)


def _settlement(worker: Worker, answered: _Answered) -> Statement:
    message, answer = answered
    return outbox.settlement(
        [message.held.id], answer.state, reason=answer.reason, as_of=worker.as_of,
        due_at=try_again_at(worker, message.held, answer), remote_ref=answer.remote_ref, token=worker.token,
    )  # fmt: skip


def _settle(connection: Connection, worker: Worker, carrier: Carrier, answered: _Answered) -> None:
    execute(connection, *_settlement(worker, answered))
    if answered.answer.state is State.DEAD:
        carrier.forget(connection, answered.one.to)


def try_again_at(worker: Worker, message: ClaimedMessage, answer: Answer) -> datetime | None:
    """The moment of a message's next try, later each time and never in step; None where there is none."""
    if answer.state not in UNSETTLED:
        return None
    wait = max(answer.wait, round(wait_seconds(message.attempts) * _JITTER.uniform(0.5, 1)))
    return worker.as_of + timedelta(seconds=wait)


def _count(worker: Worker, answered: _Answered | None) -> None:
    if answered and not answered.answer.refusal:
        worker.delivered.add(answered.answer.state)
    if answered and answered.answer.state is State.DEAD:
        worker.delivered.dead.append((answered.one.held.key, answered.answer.reason))

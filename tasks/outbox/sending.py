"""Carrying: a fence committed before the network, the answer committed after it, one message at a time."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import psycopg2
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from config.london import LONDON
from config.settings import Settings
from config.terms import Channel, State
from models.queries.driver import Statement, fetch
from models.queries.outbox import outbox, slack_conversations
from models.queries.outbox.outbox import ClaimedMessage, Fence, Fenced
from models.rules.outbox.message_states import wait_seconds
from tasks.carriers.carrier import Answer, Carrier, Down

_JITTER = random.SystemRandom()
_READ_ANEW = 5  # how often a message whose world will not stand still is read again
_AGAIN_AFTER = (0, 0.5, 1, 2, 4, 8)  # seconds, until an answer is recorded after all
_SAID = frozenset({State.SENT, State.SHOWN})


@dataclass
class DeliveryCounts:
    """What one delivery did: messages by the state they came to, what caps keep back, whether carriers are held."""

    mailed: bool = True  # false without mail.host: what went to the Maildir was shown, not said
    counts: dict[State, int] = field(default_factory=dict)
    dead: list[tuple[str, str]] = field(default_factory=list)  # keys and reasons
    capped: int = 0
    waiting: int = 0
    held: bool = False
    down: dict[str, str] = field(default_factory=dict)  # why a carrier as a whole could not be used
    carried: int = 0  # what counts towards the run's cap

    def add(self, state: State, number: int = 1) -> None:
        """Count messages that came to a state."""
        if number:
            self.counts[state] = self.counts.get(state, 0) + number

    @property
    def degraded(self) -> bool:
        """Whether someone should look at it."""
        return bool(self.dead or self.down or self.held or self.capped)

    @property
    def sentence(self) -> str:
        """One line for a round's summary."""
        parts = [f"{number} {state}" for state, number in sorted(self.counts.items())]
        if self.capped:
            parts.append(f"{self.capped} kept back by caps")
        if self.held:
            parts.append(f"the outbox is held: {self.waiting} wait for casebeat outbox --release")
        if self.down:
            why = "; ".join(f"{channel}: {reason}" for channel, reason in sorted(self.down.items()))
            parts.append(f"the carrier is down ({why}): {self.waiting} wait")
        return (", ".join(parts) or "nothing was due") + "."


@dataclass(frozen=True)
class Worker:
    """One run: what it was told, what it holds, and what it counts."""

    as_of: datetime
    settings: Settings
    database: Engine
    token: UUID
    delivered: DeliveryCounts

    @property
    def today(self) -> datetime:
        """The London morning of the run's day, before anyone is at work."""
        return self.as_of.astimezone(LONDON).replace(hour=0, minute=0, second=0, microsecond=0)


class ReadyMessage(NamedTuple):
    """A claimed message, its bytes and where it goes; `key` names it to the carrier, `stood` is the world it is of."""

    held: ClaimedMessage
    to: str
    body: bytes
    key: str
    stood: str | None


class _Said(NamedTuple):
    one: ReadyMessage
    answer: Answer


Anew = Callable[[ClaimedMessage], Sequence[ReadyMessage]]


def carry(worker: Worker, carrier: Carrier, ready: Sequence[ReadyMessage], anew: Anew) -> None:
    """Carry a batch; each answer is committed with the mark of the next message, the last one by itself.

    `anew` composes a message again whose world has changed since it was composed. Raises Down; what is left is back in
    the queue then, with no try counted.
    """
    said: _Said | None = None
    left = list(reversed(ready))
    try:
        with worker.database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            while left:
                carrier.ready()
                fenced = _fenced(connection, worker, left[-1], said)
                _counted(worker, said)
                said = None
                one = left[-1] if fenced.won else None
                if fenced.changed:
                    one = _read_anew(connection, worker, left[-1].held, anew)
                if one is not None:
                    said = _Said(one, carrier.send(one.to, one.body, one.key))
                left.pop()
                if said and said.answer.state not in _SAID:
                    _record(worker, said)
                    said = None
    except Down as down:
        put_back(worker, [each.held.id for each in left], str(down))
        raise
    finally:
        if said:
            _record(worker, said)


def put_back(worker: Worker, ids: Sequence[int], why: str) -> None:
    """Back to the queue, no try counted."""
    with worker.database.begin() as connection:
        outbox.settle(
            connection, ids, State.QUEUED, reason=f"carrier down: {why}", as_of=worker.as_of, token=worker.token
        )


def _fenced(connection: Connection, worker: Worker, one: ReadyMessage, said: _Said | None = None) -> Fenced:
    """Mark a message as being sent in the commit that records the answer before it.

    Where nobody knows what came of that commit it raises: nothing is sent, and the answer is recorded again.
    """
    to = one.to if one.held.channel is Channel.SLACK else None
    wanted = Fence(one.held.id, one.body, worker.as_of, one.stood, to)
    return outbox.fence(connection, worker.token, wanted, _settlement(worker, said) if said else None)


def _read_anew(connection: Connection, worker: Worker, held: ClaimedMessage, anew: Anew) -> ReadyMessage | None:
    """A message whose world has changed since it was composed, as it may go out now, and is marked; else None."""
    for _ in range(_READ_ANEW):
        found = anew(held)
        fenced = _fenced(connection, worker, found[0]) if found else Fenced(won=False)
        if not fenced.changed:
            return found[0] if fenced.won else None
    return None


def _record(worker: Worker, said: _Said) -> None:
    """Commit an answer. Doing it twice does no harm, so that a database that went away is given time to come back."""
    for wait in _AGAIN_AFTER:
        time.sleep(wait)
        try:
            with worker.database.begin() as connection:
                _settle(connection, worker, said)
        except (DBAPIError, psycopg2.Error):
            if wait == _AGAIN_AFTER[-1]:
                raise
        else:
            break
    _counted(worker, said)


def _settlement(worker: Worker, said: _Said) -> Statement:
    one, answer = said
    return outbox.settlement(
        [one.held.id], answer.state, reason=answer.reason, as_of=worker.as_of,
        due_at=again_at(worker, one.held, answer), remote_ref=answer.remote_ref, token=worker.token,
    )  # fmt: skip


def _settle(connection: Connection, worker: Worker, said: _Said) -> None:
    one, answer = said
    fetch(connection, *_settlement(worker, said))
    if answer.state is State.DEAD and one.held.channel is Channel.SLACK:
        slack_conversations.forget(connection, one.to)


def again_at(worker: Worker, held: ClaimedMessage, answer: Answer) -> datetime | None:
    """When a message that was tried in vain is tried again, later each time and never in step; else None."""
    if answer.state not in {State.RETRY, State.UNKNOWN}:
        return None
    wait = max(answer.wait, round(wait_seconds(held.attempts) * _JITTER.uniform(0.5, 1)))
    return worker.as_of + timedelta(seconds=wait)


def _counted(worker: Worker, said: _Said | None) -> None:
    if said:
        worker.delivered.add(said.answer.state)
    if said and said.answer.state is State.DEAD:
        worker.delivered.dead.append((said.one.held.key, said.answer.reason))

"""Carrying: a fence committed before the network, the answer committed after it, one message at a time."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from config.settings import Settings
from config.terms import Channel, State
from models.queries import conversations, outbox
from models.queries.outbox import Held
from models.rules.transitions import wait_seconds
from tasks.carrier import Answer, Carrier, Down

LONDON = ZoneInfo("Europe/London")
_JITTER = random.SystemRandom()
_READ_ANEW = 5  # how often a message whose world will not stand still is read again
_AGAIN_AFTER = (0, 0.5, 1, 2, 4, 8)  # seconds, until an answer is recorded after all
_SAID = frozenset({State.SENT, State.SHOWN})


@dataclass
class Delivered:
    """What one delivery did: messages by the state they came to, what caps keep back, whether carriers are held."""

    mailed: bool = True  # false without mail.host: what went to the Maildir was shown, not said
    counts: dict[State, int] = field(default_factory=dict)
    dead: list[tuple[str, str]] = field(default_factory=list)  # keys and reasons
    capped: int = 0
    waiting: int = 0
    held: bool = False
    down: dict[Channel, str] = field(default_factory=dict)  # why a carrier as a whole could not be used
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
    delivered: Delivered

    @property
    def today(self) -> datetime:
        """The London morning of the run's day, before anyone is at work."""
        return self.as_of.astimezone(LONDON).replace(hour=0, minute=0, second=0, microsecond=0)


class Ready(NamedTuple):
    """A claimed message, its bytes and where it goes; `key` names it to the carrier, `stood` is the world it is of."""

    held: Held
    to: str
    body: bytes
    key: str
    stood: str | None


class _Said(NamedTuple):
    one: Ready
    answer: Answer


Anew = Callable[[Held], Sequence[Ready]]


def carry(worker: Worker, carrier: Carrier, ready: Sequence[Ready], anew: Anew) -> None:
    """Carry a batch; each answer is committed with the mark of the next message, the last one by itself.

    `anew` composes a message again whose world has changed since it was composed. Raises Down; what is left is back in
    the queue then, with no try counted.
    """
    said: _Said | None = None
    left = list(reversed(ready))
    try:
        with worker.database.connect() as connection:
            while left:
                carrier.ready()
                one, said = _marked(connection, worker, left[-1], said, anew), None
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


def _marked(connection: Connection, worker: Worker, one: Ready, said: _Said | None, anew: Anew) -> Ready | None:
    """The message as it may go out now, marked as being sent in the commit that records the answer before it."""
    for _ in range(_READ_ANEW):
        try:
            with connection.begin():
                if said:
                    _settle(connection, worker, said)
                to = one.to if one.held.channel is Channel.SLACK else None
                fenced = outbox.fence(
                    connection, worker.token, one.held.id, one.body, worker.as_of, stood=one.stood, to=to
                )
        except DBAPIError:  # nobody knows what came of this commit: nothing is sent, and the answer is recorded again
            if said:
                _record(worker, said)
            raise
        if said:
            _count(worker, said)
            said = None
        if fenced.won or not fenced.changed:
            return one if fenced.won else None
        found = anew(one.held)
        if not found:
            return None
        one = found[0]
    return None


def _record(worker: Worker, said: _Said) -> None:
    """Commit an answer. Doing it twice does no harm, so that a database that went away is given time to come back."""
    for wait in _AGAIN_AFTER:
        time.sleep(wait)
        try:
            with worker.database.begin() as connection:
                _settle(connection, worker, said)
        except DBAPIError:
            if wait == _AGAIN_AFTER[-1]:
                raise
        else:
            break
    _count(worker, said)


def _settle(connection: Connection, worker: Worker, said: _Said) -> None:
    one, answer = said
    outbox.settle(
        connection, [one.held.id], answer.state, reason=answer.reason, as_of=worker.as_of,
        due_at=again_at(worker, one.held, answer), remote_ref=answer.remote_ref, token=worker.token,
    )  # fmt: skip
    if answer.state is State.DEAD and one.held.channel is Channel.SLACK:
        conversations.forget(connection, one.to)


def again_at(worker: Worker, held: Held, answer: Answer) -> datetime | None:
    """When a message that was tried in vain is tried again, later each time and never in step; else None."""
    if answer.state not in {State.RETRY, State.UNKNOWN}:
        return None
    wait = max(answer.wait, round(wait_seconds(held.attempts) * _JITTER.uniform(0.5, 1)))
    return worker.as_of + timedelta(seconds=wait)


def _count(worker: Worker, said: _Said) -> None:
    worker.delivered.add(said.answer.state)
    if said.answer.state is State.DEAD:
        worker.delivered.dead.append((said.one.held.key, said.answer.reason))

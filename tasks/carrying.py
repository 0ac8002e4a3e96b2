"""Carrying: a fence committed before the network, the answer committed after it, one message at a time."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple, Protocol
from uuid import UUID

from sqlalchemy import Engine

from config.terms import State
from models.queries import outbox
from models.queries.outbox import Held
from models.rules.transitions import wait_seconds
from tasks import maildir
from tasks.mail import Answer, Carrier, Down

_JITTER = random.SystemRandom()


@dataclass
class Delivered:
    """What one delivery did: messages by the state they came to, what caps keep back, whether carriers are held."""

    mailed: bool = True  # false without mail.host: what went to the Maildir was shown, not said
    counts: dict[State, int] = field(default_factory=dict)
    dead: list[tuple[str, str]] = field(default_factory=list)  # keys and reasons
    capped: int = 0
    waiting: int = 0
    held: bool = False
    down: str = ""  # why the carrier as a whole could not be used; empty where it could

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
            parts.append(f"the carrier is down ({self.down}): {self.waiting} wait")
        return (", ".join(parts) or "nothing was due") + "."


class Ready(NamedTuple):
    """A claimed message with its bytes and its recipient's address."""

    held: Held
    to: str
    body: bytes


class Worker(Protocol):
    """What carrying needs of a run."""

    @property
    def as_of(self) -> datetime:
        """The moment of the run."""

    @property
    def database(self) -> Engine:
        """Where the rows are."""

    @property
    def token(self) -> UUID:
        """What its claims carry."""

    @property
    def delivered(self) -> Delivered:
        """What it counts."""


def to_maildir(worker: Worker, home: Path, ready: Sequence[Ready]) -> None:
    """Write a whole batch where it can be read; a key's file replaces itself, so that a repeat does no harm."""
    with worker.database.begin() as connection:
        fenced = outbox.fence(connection, worker.token, {one.held.id: one.body for one in ready}, worker.as_of)
    maildir.write(home, {one.held.key: one.body for one in ready if one.held.id in fenced})
    with worker.database.begin() as connection:
        reason = "no mail.host: written to the Maildir"
        shown = outbox.settle(
            connection, sorted(fenced), State.SHOWN, reason=reason, as_of=worker.as_of, token=worker.token
        )
    worker.delivered.add(State.SHOWN, shown)


def by_mail(worker: Worker, carrier: Carrier, ready: Sequence[Ready]) -> None:
    """Mail a batch; where the carrier is down, what is left goes back to the queue with no try counted."""
    for at, one in enumerate(ready):
        try:
            carrier.ready()
            with worker.database.begin() as connection:
                fenced = outbox.fence(connection, worker.token, {one.held.id: one.body}, worker.as_of)
            if fenced:
                _settle(worker, one, carrier.send(one.to, one.body))
        except Down as down:
            worker.delivered.down = str(down)
            ids = [each.held.id for each in ready[at:]]
            with worker.database.begin() as connection:
                outbox.settle(
                    connection, ids, State.QUEUED, reason=f"carrier down: {down}", as_of=worker.as_of,
                    token=worker.token,
                )  # fmt: skip
            return


def _settle(worker: Worker, one: Ready, answer: Answer) -> None:
    wait = max(answer.wait, round(wait_seconds(one.held.attempts) * _JITTER.uniform(0.5, 1)))
    again = answer.state in {State.RETRY, State.UNKNOWN}
    with worker.database.begin() as connection:
        outbox.settle(
            connection, [one.held.id], answer.state, reason=answer.reason, as_of=worker.as_of,
            due_at=worker.as_of + timedelta(seconds=wait) if again else None,
            remote_ref=answer.remote_ref, token=worker.token,
        )  # fmt: skip
    worker.delivered.add(answer.state)
    if answer.state is State.DEAD:
        worker.delivered.dead.append((one.held.key, answer.reason))

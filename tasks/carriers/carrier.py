"""The protocol that delivery speaks with every carrier, and the answers that a carrier may give."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from sqlalchemy import Connection

from config.terms import State
from models.errors import Retry
from models.queries.outbox.outbox import ClaimedMessage
from tasks.messages.composing import ComposedMessage


class LastingRefusal(NamedTuple):
    """A refusal of a message for good by the far end, which may be its own fault: see `tasks.outbox.refusals`.

    `words` are compared with those of others and go nowhere. `recipient`: it refused whom the message is to.
    """

    words: str
    recipient: bool


class Answer(NamedTuple):
    """The outcome of one message. `wait` is the least number of seconds before another try."""

    state: State
    reason: str
    remote_ref: str | None = None
    wait: int = 0
    refusal: LastingRefusal | None = None


class Down(Retry):
    """The carrier as a whole cannot be used now: nothing was sent, and no message's tries are counted."""

    def __init__(self, why: str, wait: int = 0) -> None:
        """Keep the least number of seconds before another try."""
        super().__init__(why)
        self.wait = wait


class Refusing(Down):
    """The carrier answers, and refuses every message: it is tried again, and works once it accepts one."""


class Busy(Down):
    """Other deliveries use the carrier as much as it may be used: nothing is wrong, and messages wait in the queue."""


def seconds_asked(retry_after: str, *, otherwise: int, most: int) -> int:
    """Return how long a Retry-After asks to wait, at most so long; one that is a day or no number asks nothing."""
    return min(int(retry_after), most) if re.fullmatch(r"[0-9]{1,9}", retry_after) else otherwise


class Batch(Protocol):
    """Claimed messages of one channel, as one transaction composes them."""

    def compose(self, message: ClaimedMessage) -> ComposedMessage | None:
        """Compose a message of a kind that only this channel has; None where every channel composes its kind alike."""

    def address(self, composed: ComposedMessage) -> str | Answer:
        """Find where a message goes, or settle what becomes of it instead."""

    def body(self, composed: ComposedMessage, to: str) -> bytes:
        """Render a message as the bytes that `send` takes, once; a repeat sends the same."""


Reading = Callable[
    [Connection, Sequence[ClaimedMessage]], Batch
]  # reads what a batch needs, in the transaction that composes it


class Carrier(Protocol):
    """One channel's carrier, for as long as one delivery takes."""

    @property
    def channel(self) -> str:
        """The channel whose messages it carries."""

    @property
    def searchable(self) -> bool:
        """Return whether a message without an answer can be looked for where it went, so that its address is kept."""

    def prepare(self, claimed: Sequence[ClaimedMessage]) -> Reading:
        """Do what a batch needs of the network before it is composed, outside any transaction. Raises Down."""

    def rest(self) -> float:
        """Return the seconds until another message may leave, where the far end has a pace; usually none."""

    def ready(self) -> None:
        """Check that the carrier can be used, before any message is marked as being sent. Raises Down."""

    def send(self, to: str, body: bytes, key: str) -> Answer:
        """Send one message, once; `key` is its row's and identifies it for ever. Raises Down where none can be sent."""

    def takes(self, to: str) -> bool:
        """Return whether it would take a message to somebody, without sending one. Raises Down.

        It is asked only of a carrier whose answers hold a `LastingRefusal`.
        """

    def look_for(self, to: str, body: bytes, key: str, sending_at: datetime) -> Answer:
        """Find out what became of a message that nobody answered for: sent, to be tried again, or unknown. Raises Down.

        A carrier that is not `searchable` has it sent once more, marked as a possible repeat.
        """

    def forget(self, connection: Connection, to: str) -> None:
        """Drop what is kept of an address that refused a message for good, in the transaction that records it."""

    def refresh(self) -> None:
        """Bring sent messages up to date where the channel lets them be changed. Raises Down."""

    def close(self) -> None:
        """Close what is open."""

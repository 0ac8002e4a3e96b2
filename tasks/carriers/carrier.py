"""Carriers: what delivery asks of a wire, whichever it is, and what it may be answered."""

from datetime import datetime
from typing import NamedTuple, Protocol

from config.terms import Channel, State
from models.errors import Retry


class Answer(NamedTuple):
    """What became of one message. `wait` is the least number of seconds before another try."""

    state: State
    reason: str
    remote_ref: str | None = None
    wait: int = 0


class Down(Retry):
    """The carrier as a whole cannot be used now: nothing was sent, and no message's tries are counted."""


class Carrier(Protocol):
    """One way to people, for as long as one delivery takes."""

    @property
    def channel(self) -> Channel:
        """The channel whose messages it carries."""

    def ready(self) -> None:
        """Make sure of the way before any message is marked as being sent. Raises Down."""

    def send(self, to: str, body: bytes, key: str) -> Answer:
        """Carry one message, once; `key` names it for ever. Raises Down where no message could be carried now."""

    def look_for(self, to: str, body: bytes, key: str, sending_at: datetime) -> Answer:
        """What became of a message that nobody answered for: sent, to be tried again, or still unknown. Raises Down."""

    def close(self) -> None:
        """Let the way go."""

"""The inbox of the reply mailbox: what its reading needs, however the mails lie there."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

MOST_BYTES = 256 * 1024  # read of each mail's body; a reply is at its beginning
HEADERS = 25  # mails whose headers are read at once: together no longer than one body


class FetchedMail(NamedTuple):
    """A mail's header and body, or the beginning of each, and the moment the server received it."""

    header: bytes
    body: bytes
    received_at: datetime | None


class Inbox(Protocol):
    """The inbox during one reading. Its methods raise Retry with a sentence if it cannot be used now."""

    def mails(self, most: int) -> list[str]:
        """List the names of at most `most` mails, the oldest first, seen or unseen."""

    def lasts(self, seconds: float) -> bool:
        """Return whether the reading has so many seconds left."""

    def headers(self, names: Sequence[str]) -> Iterator[dict[str, bytes]]:
        """Read what is needed of mails' headers, some mails at a time, until half of the time is over.

        A mail that is gone is left out.
        """

    def fetch(self, name: str) -> FetchedMail | None:
        """Read a mail without marking it as seen; None if it is gone."""

    def done(self, names: Sequence[str]) -> None:
        """Mark handled mails as seen and move them to the done folder, unless another reader has done so."""

"""Reading of mails in a child, so that no mail takes the memory or the time of whoever reads the mailbox."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from tasks.platform.confined import AnsweringChild, ChildLimits
from tasks.replies.envelope import Envelope, Own
from tasks.replies.incoming import IncomingMail

CHILD = "tasks.replies.mail_child"
LIMITS = ChildLimits(memory=512 << 20, seconds=20, patience=10, written=0)


class MailReader:
    """The reader of a mailbox. A mail that it cannot read in time or at all raises `confined.Ended`."""

    def __init__(self, child: AnsweringChild, own: Own) -> None:
        self._child = child
        self._own = {"addresses": sorted(own.addresses), "domain": own.domain}

    def envelope(self, raw: bytes) -> Envelope:
        """Read a mail's header, or its beginning."""
        return Envelope(**self._read(raw, None))

    def mail(self, raw: bytes, received_on: date) -> IncomingMail:
        """Read a mail, or its beginning."""
        read = self._read(raw, received_on.isoformat())
        return IncomingMail(**read | {"received_on": received_on})

    def _read(self, raw: bytes, received_on: str | None) -> dict[str, Any]:
        read = self._child.ask({"raw": raw.decode("latin-1"), "received_on": received_on, **self._own})
        return {name: tuple(value) if isinstance(value, list) else value for name, value in read.items()}


@contextmanager
def mail_reader(own: Own) -> Iterator[MailReader]:
    """Have a reader for the block."""
    with AnsweringChild(CHILD, LIMITS) as child:
        yield MailReader(child, own)

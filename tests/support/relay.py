"""A relay that answers each recipient, and each letter, as a test says."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.support.post import free_port


class Relay:
    """`recipient` and `letter` return the refusal of an address; nothing where it is accepted."""

    port: int

    def __init__(self) -> None:
        self.recipient: Callable[[str], str | None] = lambda _: None
        self.letter: Callable[[str], str | None] = lambda _: None
        self.asked: list[str] = []  # every recipient
        self.accepted: list[str] = []  # the recipients of letters

    async def handle_RCPT(  # noqa: N802  aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        self.asked.append(address)
        if refusal := self.recipient(address):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        del server, session
        (to,) = envelope.rcpt_tos
        if refusal := self.letter(to):
            return refusal
        self.accepted.append(to)
        return "250 2.0.0 kept"


@contextmanager
def relay() -> Iterator[Relay]:
    """Run one inside the block."""
    made = Relay()
    made.port = free_port()
    controller = Controller(made, hostname="127.0.0.1", port=made.port, ready_timeout=60)
    controller.start()
    try:
        yield made
    finally:
        controller.stop()

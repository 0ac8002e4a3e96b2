"""A mail server for the demo, on loopback, that accepts every mail and stores it in a Maildir."""

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class _Keeper:
    def __init__(self, folder: Path) -> None:
        for part in ("cur", "new", "tmp"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        self._new, self._count = folder / "new", 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        del server, session
        content = envelope.content or b""
        self._count += 1  # file names sort in the order of arrival
        (self._new / f"{self._count:06}.demo").write_bytes(content if isinstance(content, bytes) else content.encode())
        return "250 kept"


@contextmanager
def mail_sink(folder: Path) -> Iterator[int]:
    """Run the server inside the block, and yield its port."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    controller = Controller(_Keeper(folder), hostname="127.0.0.1", port=port, ready_timeout=60)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()

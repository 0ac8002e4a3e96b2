"""A mail server for the demo, on loopback, that accepts every mail and stores it in a Maildir."""

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

REPLIES = "casebeat-replies@demo.police.uk"  # mails to it go into a Maildir of their own, beside


def replies_beside(folder: Path) -> Path:
    """Return the Maildir of the replies beside the Maildir of all other mails."""
    return folder.with_name("replies")


class _Keeper:
    def __init__(self, folder: Path) -> None:
        self._folder, self._count = folder, 0
        for box in (folder, replies_beside(folder)):
            for part in ("cur", "new", "tmp"):
                (box / part).mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        del server, session
        content = envelope.content or b""
        box = replies_beside(self._folder) if envelope.rcpt_tos == [REPLIES] else self._folder
        self._count += 1  # file names sort in the order of arrival
        name = f"{self._count:06}.demo"
        (box / "tmp" / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        (box / "tmp" / name).rename(box / "new" / name)
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

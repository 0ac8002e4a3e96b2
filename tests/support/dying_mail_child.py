"""The child that reads mails, and dies of one that says so."""

import os
import signal
from datetime import date

from tasks.replies import incoming, mail_child
from tasks.replies.envelope import Own
from tasks.replies.incoming import IncomingMail


def main() -> None:
    """Answer as the real one does."""
    mail_child.parse_mail = _parse_mail  # type: ignore[attr-defined]
    mail_child.main()


def _parse_mail(raw: bytes, received_on: date, own: Own) -> IncomingMail:
    if b"DIE OF THIS" in raw:
        os.kill(os.getpid(), signal.SIGKILL)
    return incoming.parse_mail(raw, received_on, own)

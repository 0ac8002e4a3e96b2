"""Mark in a restored book what a mail server's log shows to have left since the backup, so that nobody gets it twice.

A mail that was due when the server took it is what left: it becomes sent. Where the book cannot know that (it was
decided again later, or the log names no mail of it), the reader's mails leave marked as possible repeats.
"""

import gzip
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection

from config.terms import State
from models.errors import Refuse
from models.queries.outbox import outbox, outbox_list
from models.queries.outbox import sent_log as queries
from models.queries.outbox.sent_log import WaitingMail
from tasks.outbox import mail_logs
from tasks.outbox.mail_logs import LeftMail
from tasks.platform import tokens
from tasks.platform.configuration import Configuration
from tasks.platform.text import number_of
from tasks.servers.database import transaction

_BY_LOG = "left, by the mail server's log"
_EARLIER = timedelta(days=1)  # a server may write that a mail left long after Casebeat did


class Marked(NamedTuple):
    """The mails of ours in the logs; those of the outbox that had left, and those that leave as possible repeats."""

    read: int
    left: int
    marked: int

    @property
    def sentence(self) -> str:
        """Describe it in a line."""
        read = number_of(self.read, "mail of Casebeat's is", "mails of Casebeat's are")
        return f"{read} in the log: {self.left} waited here and had left, {self.marked} will leave as possible repeats."


def mark(configuration: Configuration, files: Sequence[Path], at: datetime) -> Marked:
    """Mark what left. Raises Refuse where the outbox is not held, or a file cannot be read, and does nothing then."""
    mail = configuration.settings.mail
    lines = chain.from_iterable(_lines(file) for file in files)
    left = mail_logs.left(lines, mail.from_address, at)
    with transaction() as connection:
        if not outbox_list.is_held(connection):
            raise Refuse(
                "The outbox is not held: casebeat outbox --hold first, so that nothing leaves meanwhile. "
                "Nothing was done."
            )
        waiting = {tokens.mail_ref(found.key, found.sign): found for found in queries.waiting(connection)}
        gone = {found.id: moment for found, moment in _gone(waiting, left)}
        for id_, moment in gone.items():
            queries.leave(connection, id_, moment)
            outbox.settle(connection, [id_], State.SENT, reason=_BY_LOG, as_of=moment)
        stay = {ref: found for ref, found in waiting.items() if found.id not in gone}
        told = _told(connection, [each for each in left if each.ref in stay or each.ref not in waiting])
        again = [found.id for found in stay.values() if (found.address or mail.operations or "").lower() in told]
        return Marked(len(left), len(gone), queries.mark(connection, again))


def _lines(file: Path) -> Iterator[str]:
    """Yield a log's lines; one that was rotated may be packed."""
    try:
        opened = gzip.open if file.suffix == ".gz" else open
        with opened(file, "rt", encoding="utf-8", errors="replace") as log:
            yield from log
    except (OSError, EOFError) as error:
        raise Refuse(f"{file} cannot be read ({type(error).__name__}). Nothing was done.") from None


def _gone(waiting: Mapping[str, WaitingMail], left: Sequence[LeftMail]) -> Iterator[tuple[WaitingMail, datetime]]:
    """Yield what waits and had left: not what was decided later, which may say more."""
    for mail in left:
        found = waiting.get(mail.ref)
        if found and found.due_at <= mail.at:
            yield found, mail.at


def _told(connection: Connection, left: Sequence[LeftMail]) -> set[str]:
    """Return the addresses that got a mail of which the book knows nothing, or not that it left."""
    if not left:
        return set()
    said = queries.said(connection, min(mail.at for mail in left) - _EARLIER)
    names = {name for mail in said for name in (mail.name, str(mail.id))}
    answers = {word for mail in said for word in mail.answer.replace("=", " ").split()}
    return {mail.to for mail in left if mail.queue_id not in answers and _name(mail) not in names}


def _name(mail: LeftMail) -> str | None:
    with suppress(Refuse):
        return tokens.read_mail_ref(mail.ref, mail.at.date())
    return None

"""Replies: the mailbox is read once, each mail dealt with in a transaction of its own and then put out of the way."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256

from config import mailbox
from config.london import LONDON
from config.replies import Answered
from config.settings import Settings, settings
from models.errors import CasebeatError, is_row_fault, opaque
from models.queries.outbox import digests
from tasks.platform import tokens
from tasks.platform.database import transaction
from tasks.platform.templates import note
from tasks.replies import imap
from tasks.replies.apply_reply import deal
from tasks.replies.incoming import opened

MOST = 100  # mails a run, which a session's deadline allows; the rest wait for the next


@dataclass
class MailboxResult:
    """What was made of the mails that lay in the inbox."""

    configured: bool = True
    counts: Counter[str] = field(default_factory=Counter)
    failed: int = 0

    @property
    def completed(self) -> bool:
        """Whether an action was reported as done, so that its case is to be projected."""
        return self.counts[Answered.COMPLETED] > 0

    @property
    def degraded(self) -> bool:
        """Whether someone should look at it."""
        return self.failed > 0

    @property
    def sentence(self) -> str:
        """One line: counts only."""
        if not self.configured:
            return "No reply mailbox is set (CASEBEAT_REPLIES__HOST): nothing was done."
        parts = [f"{number} {what}" for what, number in sorted(self.counts.items())]
        if self.failed:
            parts.append(f"{self.failed} that could not be dealt with: operations are told")
        return f"{sum(self.counts.values()) + self.failed} mails read: {', '.join(parts)}." if parts else "No mail."


def configured() -> bool:
    """Whether there is a mailbox to read."""
    return settings().replies.host is not None


def waiting() -> int:
    """How many mails lie in the inbox. Raises Retry where it cannot be reached."""
    if not configured():
        return 0
    with imap.opened(settings().replies) as box:
        return len(box.mails(MOST))


def read(today: date, at: datetime) -> MailboxResult:
    """Deal with what lies in the inbox, the oldest first. A mail met again, or by two at once, does nothing twice.

    Raises Retry where the mailbox cannot be used now, and Refuse where keys cannot be read; mails not yet dealt with
    stay where they are.
    """
    made, chosen = MailboxResult(configured=configured()), settings()
    if not made.configured:
        return made
    tokens.sign("", 0, tokens.Purpose.REPLY, today)  # a secret that cannot be read is no fault of any mail
    with imap.opened(chosen.replies) as box:
        for uid in box.mails(MOST):
            fetched = box.fetch(uid)
            if fetched is not None:
                _dealt(fetched, chosen, made, today, at)
                box.done(uid)
    return made


def _dealt(fetched: imap.FetchedMail, chosen: Settings, made: MailboxResult, today: date, at: datetime) -> None:
    """One mail. What its own content breaks is counted and told; a database that is away stops the run."""
    received = fetched.received_at.astimezone(LONDON).date() if fetched.received_at else today
    own = frozenset({chosen.replies.address.lower(), chosen.mail.from_address.lower()})
    try:
        mail = opened(fetched.raw, min(received, today), own, mailbox.domain_of(chosen.mail.from_address))
        made.counts[deal(mail, today, at)] += 1
    except CasebeatError:
        raise
    except Exception as error:
        if not is_row_fault(error):
            raise
        made.failed += 1  # one bad mail never stops the rest
        with transaction() as connection:
            key = f"reply unread:{sha256(fetched.raw).hexdigest()[:16]}"
            words = note("unread.txt", {"fault": opaque(error)})
            digests.operations(connection, key, today, words, at, [chosen.main])

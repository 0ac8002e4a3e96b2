"""Reading of the reply mailbox: handle each mail in its own transaction, then move it to the done folder."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256

from config import mailbox
from config.london import london_day
from config.replies import Answered
from config.settings import Settings, settings
from models.errors import CasebeatError, is_row_fault, opaque
from models.queries.outbox import digests
from tasks.platform import tokens
from tasks.platform.database import transaction
from tasks.platform.templates import note
from tasks.replies import imap
from tasks.replies.apply_reply import apply_reply
from tasks.replies.incoming import parse_mail

MOST = 100  # mails a run, which fits into a session's time limit; the rest wait for the next run


@dataclass
class MailboxResult:
    """Counts of the inbox's mails by result."""

    configured: bool = True
    counts: Counter[str] = field(default_factory=Counter)
    failed: int = 0

    @property
    def completed(self) -> bool:
        """Whether an action was reported as done, so that its case must be projected."""
        return self.counts[Answered.COMPLETED] > 0

    @property
    def degraded(self) -> bool:
        """Whether a mail failed."""
        return self.failed > 0

    @property
    def sentence(self) -> str:
        """The counts in one line."""
        if not self.configured:
            return "No reply mailbox is set (CASEBEAT_REPLIES__HOST): nothing was done."
        parts = [f"{number} {result}" for result, number in sorted(self.counts.items())]
        if self.failed:
            parts.append(f"{self.failed} that could not be dealt with: operations are told")
        return f"{sum(self.counts.values()) + self.failed} mails read: {', '.join(parts)}." if parts else "No mail."


def configured() -> bool:
    """Return whether a reply mailbox is set."""
    return settings().replies.host is not None


def waiting() -> int:
    """Count the mails in the inbox. Raises Retry if it cannot be reached."""
    if not configured():
        return 0
    with imap.open_inbox(settings().replies) as box:
        return len(box.mails(MOST))


def read(today: date, at: datetime) -> MailboxResult:
    """Handle the mails in the inbox, the oldest first. Repeated and concurrent runs have no second effect.

    Raises Retry if the mailbox cannot be used now, and Refuse if the secret of keys cannot be read. Unhandled mails
    remain in the inbox.
    """
    made, chosen = MailboxResult(configured=configured()), settings()
    if not made.configured:
        return made
    tokens.sign("", 0, tokens.Purpose.REPLY, today)  # fails early on an unreadable secret, before any mail is blamed
    with imap.open_inbox(chosen.replies) as box:
        for uid in box.mails(MOST):
            fetched = box.fetch(uid)
            if fetched is not None:
                _handle(fetched, chosen, made, today, at)
                box.done(uid)
    return made


def _handle(fetched: imap.FetchedMail, chosen: Settings, made: MailboxResult, today: date, at: datetime) -> None:
    """Handle one mail. An error of its content is counted and reported; a lost database stops the run."""
    received = london_day(fetched.received_at) if fetched.received_at else today
    own = frozenset({chosen.replies.address.lower(), chosen.mail.from_address.lower()})
    try:
        mail = parse_mail(fetched.raw, min(received, today), own, mailbox.domain_of(chosen.mail.from_address))
        made.counts[apply_reply(mail, today, at)] += 1
    except CasebeatError:
        raise
    except Exception as error:
        if not is_row_fault(error):
            raise
        made.failed += 1  # a bad mail does not stop the rest
        with transaction() as connection:
            key = f"reply unread:{sha256(fetched.raw).hexdigest()[:16]}"
            text = note("unread.txt", {"fault": opaque(error)})
            digests.operations(connection, key, today, text, at, [chosen.main])

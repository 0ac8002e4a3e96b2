"""Reading of the reply mailbox: sort the mails by their headers, handle each whose turn it is, put them away."""

from collections import Counter
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256

from config import mailbox
from config.days.london import at_london, london_day
from config.replies import Answered, ReplyMailbox
from models.errors import CasebeatError, is_row_fault
from models.queries.outbox import digests
from models.queries.people import acts
from models.queries.replies import arriving
from tasks.platform import faults, tokens
from tasks.platform.configuration import Configuration
from tasks.platform.confined import Ended
from tasks.platform.diagnosis import reason
from tasks.replies import imap, maildir, sorting
from tasks.replies.apply_reply import apply_reply
from tasks.replies.bounces import apply_bounce, bounce_in
from tasks.replies.envelope import Envelope, Own
from tasks.replies.inbox import FetchedMail, Inbox
from tasks.replies.incoming import IncomingMail
from tasks.replies.mail_reader import LIMITS, MailReader, mail_reader
from tasks.replies.outcomes import IGNORED, MailOutcome
from tasks.replies.sorting import Rank, SortedMail
from tasks.servers.database import transaction

MOST_HEADERS = 50_000  # mails a run whose headers are read; the rest wait for the next run
MOVED = 200  # mails put away at once
_LAST_SECONDS = 30.0  # of a session, in which nothing is begun that the next run can do


@dataclass
class MailboxResult:
    """Counts of the inbox's mails by result."""

    configured: bool = True
    counts: Counter[str] = field(default_factory=Counter)
    failed: int = 0

    @property
    def completed(self) -> bool:
        """Return whether a case must be projected: an action was done, an outcome recorded, or such was taken back."""
        return any(self.counts[one] for one in (Answered.COMPLETED, Answered.RECORDED, Answered.TAKEN_BACK))

    @property
    def degraded(self) -> bool:
        """Return whether a mail failed."""
        return self.failed > 0

    @property
    def ignored(self) -> dict[str, int]:
        """The counts of mails for which nothing vouches."""
        return {result.value: self.counts[result] for result in IGNORED if self.counts[result]}

    @property
    def sentence(self) -> str:
        """The counts in one line."""
        if not self.configured:
            return "No reply mailbox is set (CASEBEAT_REPLIES__HOST or __MAILDIR): nothing is read."
        parts = [f"{number} {result}" for result, number in sorted(self.counts.items())]
        if self.failed:
            parts.append(f"{self.failed} that could not be dealt with: operations are told")
        return f"{sum(self.counts.values()) + self.failed} mails read: {', '.join(parts)}." if parts else "No mail."


def changed_meetings(at: datetime) -> list[str]:
    """Return the forces in which a reply of this reading recorded an outcome, or took back one or a move."""
    with transaction() as connection:
        return acts.forces_of_meetings(connection, at)


def waiting(configuration: Configuration) -> int:
    """Count the mails in the inbox. Raises Retry if it cannot be reached."""
    if not configuration.settings.replies.on:
        return 0
    with _open_inbox(configuration.settings.replies) as box:
        return len(box.mails(MOST_HEADERS))


def read(configuration: Configuration, today: date, at: datetime) -> MailboxResult:
    """Handle the mails in the inbox, proven ones first. Repeated and concurrent runs have no second effect.

    Raises Retry if the mailbox cannot be used now, and Refuse if the secret of keys cannot be read. Unhandled mails
    remain in the inbox.
    """
    result, chosen = MailboxResult(configured=configuration.settings.replies.on), configuration.settings
    if not result.configured:
        return result
    tokens.check()  # fails early on an unreadable secret, before any mail is blamed
    addresses = frozenset({chosen.replies.address.lower(), chosen.mail.from_address.lower()})
    own = Own(addresses, mailbox.domain_of(chosen.mail.from_address))
    with _open_inbox(chosen.replies) as box, mail_reader(own) as reader:
        try:
            _Reading(configuration, box, reader, own, result, today, at).run()
        finally:
            if result.ignored:
                _report(configuration, result.ignored, today, at)
    return result


def _open_inbox(chosen: ReplyMailbox) -> AbstractContextManager[Inbox]:
    return maildir.open_inbox(chosen) if chosen.maildir else imap.open_inbox(chosen)


class _Reading:
    """One reading of the inbox."""

    def __init__(
        self,
        configuration: Configuration,
        box: Inbox,
        reader: MailReader,
        own: Own,
        result: MailboxResult,
        today: date,
        at: datetime,
    ) -> None:
        self._configuration, self._box, self._reader, self._own = configuration, box, reader, own
        self._made, self._today, self._at = result, today, at

    def run(self) -> None:
        """Sort all mails, read those whose turn it is, then put the others away unread, as far as the time goes."""
        found: list[SortedMail] = []
        for headers in self._box.headers(self._box.mails(MOST_HEADERS)):
            arrived = {uid: self._envelope(raw) for uid, raw in headers.items()}
            with transaction() as connection:
                found += sorting.sort(connection, arrived, self._today)
        for mail in sorting.to_read(found):
            fetched = self._box.fetch(mail.uid) if self._box.lasts(_LAST_SECONDS) else None
            if fetched is not None:
                self._handle(mail, fetched)
                self._box.done([mail.uid])
        unread = [(mail.uid, mail.outcome) for mail in found if mail.outcome is not None]
        for at in range(0, len(unread), MOVED):
            if self._box.lasts(_LAST_SECONDS):
                uids, outcomes = zip(*unread[at : at + MOVED], strict=True)
                self._box.done(uids)
                self._made.counts.update(outcomes)

    def _envelope(self, raw: bytes) -> Envelope | None:
        try:
            return self._reader.envelope(raw)
        except Exception:  # noqa: BLE001  whatever a stranger's header does to Python is the stranger's fault
            return None

    def _handle(self, mail: SortedMail, fetched: FetchedMail) -> None:
        """Handle one mail. A fault in a proven one is counted and reported; a lost database stops the run."""
        try:
            self._made.counts[self._result(mail, fetched)] += 1
        except CasebeatError:
            raise
        except Exception as error:
            if not is_row_fault(error):
                raise
            self._failed(fetched, error)

    def _result(self, mail: SortedMail, fetched: FetchedMail) -> Answered | MailOutcome:
        if mail.rank is Rank.REPORT:
            bounce = bounce_in(fetched.body, self._own)
            return apply_bounce(self._configuration, bounce, self._today, self._at) if bounce else MailOutcome.AUTOMATIC
        parsed = self._parsed(mail, fetched)
        return apply_reply(self._configuration, parsed, self._today, self._at) if parsed else MailOutcome.UNREADABLE

    def _parsed(self, mail: SortedMail, fetched: FetchedMail) -> IncomingMail | None:
        received = london_day(fetched.received_at) if fetched.received_at else self._today
        try:
            raw = fetched.header.rstrip(b"\r\n") + b"\r\n\r\n" + fetched.body
            return self._reader.mail(raw, min(received, self._today))
        except Exception:
            if mail.rank is Rank.PROVEN:
                raise
            return None

    def _failed(self, fetched: FetchedMail, error: Exception) -> None:
        self._made.failed += 1  # a bad mail does not stop the rest
        with transaction() as connection:
            key = f"reply unread:{sha256(fetched.header + fetched.body).hexdigest()[:16]}"
            fault = f"reading it took more than {LIMITS.said}" if isinstance(error, Ended) else reason(error)
            text = faults.note(self._configuration.settings, "unread", {"why": fault})
            digests.operations(connection, key, self._today, text, self._at, [self._configuration.settings.main])


def _report(configuration: Configuration, ignored: dict[str, int], today: date, at: datetime) -> None:
    """Add to the day's counts; operations get their sum in one line, the next morning."""
    main = configuration.settings.main
    with transaction() as connection:
        counts = [(number, result) for result, number in arriving.count_ignored(connection, today, ignored, at).items()]
        text = faults.note(configuration.settings, "ignored", {"day": today, "counts": counts})
        key = f"ignored mails:{today}"
        digests.operations(connection, key, today, text, at_london(today + timedelta(days=1)), [main])
        arriving.rewrite(
            connection, [key, *(f"{key}:{route.channel}" for route in configuration.settings.routes)], text
        )

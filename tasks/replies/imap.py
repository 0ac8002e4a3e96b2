"""The reply mailbox: read over IMAP with TLS, its certificate checked, never longer or further than it has to be."""

import imaplib
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

from config.replies import ReplyMailbox
from models.errors import Retry

TIMEOUT_SECONDS = 20.0  # for each answer
DEADLINE_SECONDS = 240.0  # for a whole session: a server that drips is cut off
MOST_BYTES = 256 * 1024  # of each mail: an answer stands at its beginning
_RECEIVED = re.compile(rb'INTERNALDATE "([ -~]{20,30})"')


class FetchedMail(NamedTuple):
    """A mail, or its first MOST_BYTES, and when the server received it."""

    raw: bytes
    received_at: datetime | None


class Mailbox:
    """One session with the inbox. Raises Retry, in a sentence, wherever the server cannot be used now."""

    def __init__(self, session: imaplib.IMAP4, done_folder: str, capabilities: frozenset[str]) -> None:
        self._session, self._done, self._can = session, f'"{done_folder}"', capabilities

    def mails(self, most: int) -> list[str]:
        """The UIDs of the inbox's mails, the oldest first, `most` of them, whether anyone has looked at them or not."""
        found = self._asked("search the inbox", "SEARCH", "NOT", "DELETED")
        return b" ".join(part for part in found if isinstance(part, bytes)).decode("ascii", "replace").split()[:most]

    def fetch(self, uid: str) -> FetchedMail | None:
        """A mail, which this does not mark as seen; None where it is gone."""
        parts = self._asked("fetch a mail", "FETCH", uid, f"(INTERNALDATE BODY.PEEK[]<0.{MOST_BYTES}>)")
        raw = next((part[1] for part in parts if isinstance(part, tuple)), None)
        told = b" ".join(part[0] if isinstance(part, tuple) else part for part in parts if part)
        return FetchedMail(raw, _received_at(told)) if raw is not None else None

    def done(self, uid: str) -> None:
        """Put a mail that is dealt with out of the way, marked as seen; another reader may have done so already."""
        try:
            self._put_away(uid)
        except Retry:
            self._asked("say whether a mail is there", "SEARCH", "UID", uid)  # which also tells it what others removed
            if any(self._asked("say whether a mail is there", "SEARCH", "UID", uid)):
                raise

    def _put_away(self, uid: str) -> None:
        self._asked("mark a mail", "STORE", uid, "+FLAGS.SILENT", r"(\Seen)")
        if "MOVE" in self._can:
            self._asked("move a mail", "MOVE", uid, self._done)
            return
        self._asked("copy a mail", "COPY", uid, self._done)
        self._asked("mark a mail", "STORE", uid, "+FLAGS.SILENT", r"(\Deleted)")
        if "UIDPLUS" in self._can:
            self._asked("remove a mail", "EXPUNGE", uid)

    def _asked(self, what: str, command: str, *arguments: str) -> list[Any]:
        try:
            kind, found = self._session.uid(command, *arguments)
        except (imaplib.IMAP4.error, OSError, ValueError) as error:
            raise Retry(f"The reply mailbox could not {what} ({type(error).__name__}).") from None
        if kind != "OK":
            raise Retry(f"The reply mailbox would not {what}.")
        return list(found)


class _Timed(imaplib.IMAP4):
    """A session whose wire is cut at its deadline: a timeout for each answer does not end a server that drips."""

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        """Connect, with the clock running."""
        self._deadline = threading.Timer(DEADLINE_SECONDS, self._cut)
        self._deadline.daemon = True
        self._deadline.start()
        super().open(host, port, timeout)

    def shutdown(self) -> None:
        """Disconnect, and stop the clock."""
        self._deadline.cancel()
        super().shutdown()

    def _cut(self) -> None:
        with suppress(OSError, AttributeError):  # it may not be connected yet, or no longer
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)  # beneath TLS, which another thread is reading


class _TimedTLS(_Timed, imaplib.IMAP4_SSL):  # type: ignore[misc]  # their signatures differ in a default
    """The same, with TLS from the start."""


@contextmanager
def opened(chosen: ReplyMailbox) -> Iterator[Mailbox]:
    """A session with the settings' inbox, which ends with the block."""
    session = _connected(chosen)
    try:
        yield Mailbox(session, chosen.done_folder, _signed_in(session, chosen))
    finally:
        with suppress(imaplib.IMAP4.error, OSError):
            session.logout()


def _connected(chosen: ReplyMailbox) -> imaplib.IMAP4:
    trusted, host = ssl.create_default_context(), str(chosen.host)
    try:
        if chosen.security == "tls":
            return _TimedTLS(host, chosen.port, ssl_context=trusted, timeout=TIMEOUT_SECONDS)
        session = _Timed(host, chosen.port, timeout=TIMEOUT_SECONDS)
        try:
            session.starttls(ssl_context=trusted)
        except BaseException:
            with suppress(OSError):
                session.shutdown()
            raise
    except ssl.SSLCertVerificationError:
        raise Retry("The reply mailbox's certificate is not trusted: have its server show one that is.") from None
    except (imaplib.IMAP4.error, OSError) as error:
        raise Retry(f"The reply mailbox cannot be reached ({type(error).__name__}).") from None
    return session


def _signed_in(session: imaplib.IMAP4, chosen: ReplyMailbox) -> frozenset[str]:
    """Open the inbox; what the server can do for someone who has signed in."""
    password = chosen.password.get_secret_value() if chosen.password else ""
    try:
        session.login(str(chosen.user), password)
    except (imaplib.IMAP4.error, OSError, UnicodeError) as error:
        raise Retry(f"The reply mailbox refused the sign-in ({type(error).__name__}).") from None
    try:
        session.create(f'"{chosen.done_folder}"')  # it is there already, every time but the first
        kind, _ = session.select("INBOX")
        _, can = session.capability()
    except (imaplib.IMAP4.error, OSError) as error:
        raise Retry(f"The reply mailbox could not be opened ({type(error).__name__}).") from None
    if kind != "OK":
        raise Retry("The reply mailbox would not open its inbox.")
    return frozenset(b" ".join(part for part in can if part).decode("ascii", "replace").upper().split())


def _received_at(told: bytes) -> datetime | None:
    """The server's own moment of receipt: INTERNALDATE "17-Mar-2026 08:00:00 +0000"."""
    found = _RECEIVED.search(told)
    if found is None:
        return None
    try:
        return parsedate_to_datetime(found[1].decode().replace("-", " ", 2)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None

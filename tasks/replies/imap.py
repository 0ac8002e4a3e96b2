"""The reply mailbox over IMAP with TLS and a checked certificate, with limits on time and on bytes read."""

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

TIMEOUT_SECONDS = 20.0  # for each response
DEADLINE_SECONDS = 240.0  # for a whole session, against a server that dribbles bytes
MOST_BYTES = 256 * 1024  # read of each mail; a reply is at its beginning
_RECEIVED = re.compile(rb'INTERNALDATE "([ -~]{20,30})"')


class FetchedMail(NamedTuple):
    """A mail, or its first MOST_BYTES, and the moment the server received it."""

    raw: bytes
    received_at: datetime | None


class Mailbox:
    """One session with the inbox. Its methods raise Retry with a sentence if the server cannot be used now."""

    def __init__(self, session: imaplib.IMAP4, done_folder: str, capabilities: frozenset[str]) -> None:
        self._session, self._done, self._can = session, f'"{done_folder}"', capabilities

    def mails(self, most: int) -> list[str]:
        """List the UIDs of at most `most` mails in the inbox, the oldest first, seen or unseen."""
        found = self._command("search the inbox", "SEARCH", "NOT", "DELETED")
        return b" ".join(part for part in found if isinstance(part, bytes)).decode("ascii", "replace").split()[:most]

    def fetch(self, uid: str) -> FetchedMail | None:
        """Fetch a mail without marking it as seen; None if it is gone."""
        parts = self._command("fetch a mail", "FETCH", uid, f"(INTERNALDATE BODY.PEEK[]<0.{MOST_BYTES}>)")
        raw = next((part[1] for part in parts if isinstance(part, tuple)), None)
        response = b" ".join(part[0] if isinstance(part, tuple) else part for part in parts if part)
        return FetchedMail(raw, _received_at(response)) if raw is not None else None

    def done(self, uid: str) -> None:
        """Mark a handled mail as seen and move it to the done folder, unless another reader has done so."""
        try:
            self._move_to_done(uid)
        except Retry:
            self._command("search for a mail", "SEARCH", "UID", uid)  # also makes the server report removed mails
            if any(self._command("search for a mail", "SEARCH", "UID", uid)):
                raise

    def _move_to_done(self, uid: str) -> None:
        self._command("mark a mail", "STORE", uid, "+FLAGS.SILENT", r"(\Seen)")
        if "MOVE" in self._can:
            self._command("move a mail", "MOVE", uid, self._done)
            return
        self._command("copy a mail", "COPY", uid, self._done)
        self._command("mark a mail", "STORE", uid, "+FLAGS.SILENT", r"(\Deleted)")
        if "UIDPLUS" in self._can:
            self._command("remove a mail", "EXPUNGE", uid)

    def _command(self, purpose: str, command: str, *arguments: str) -> list[Any]:
        try:
            kind, found = self._session.uid(command, *arguments)
        except (imaplib.IMAP4.error, OSError, ValueError) as error:
            raise Retry(f"The reply mailbox could not {purpose} ({type(error).__name__}).") from None
        if kind != "OK":
            raise Retry(f"The reply mailbox would not {purpose}.")
        return list(found)


class _Timed(imaplib.IMAP4):
    """A session that is cut at its time limit; a timeout for each response misses a server that dribbles bytes."""

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        """Connect, and start the timer."""
        self._deadline = threading.Timer(DEADLINE_SECONDS, self._cut)
        self._deadline.daemon = True
        self._deadline.start()
        super().open(host, port, timeout)

    def shutdown(self) -> None:
        """Disconnect, and stop the timer."""
        self._deadline.cancel()
        super().shutdown()

    def _cut(self) -> None:
        with suppress(OSError, AttributeError):  # not connected yet, or not any more
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)  # below TLS, since another thread is reading


class _TimedTLS(_Timed, imaplib.IMAP4_SSL):  # type: ignore[misc]  # their signatures differ in a default
    """The same session, with TLS from the start."""


@contextmanager
def open_inbox(chosen: ReplyMailbox) -> Iterator[Mailbox]:
    """Open a session with the settings' inbox for the duration of the block."""
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
        raise Retry("The reply mailbox's certificate is not trusted: install a trusted one on its server.") from None
    except (imaplib.IMAP4.error, OSError) as error:
        raise Retry(f"The reply mailbox cannot be reached ({type(error).__name__}).") from None
    return session


def _signed_in(session: imaplib.IMAP4, chosen: ReplyMailbox) -> frozenset[str]:
    """Sign in, open the inbox, and return the server's capabilities."""
    password = chosen.password.get_secret_value() if chosen.password else ""
    try:
        session.login(str(chosen.user), password)
    except (imaplib.IMAP4.error, OSError, UnicodeError) as error:
        raise Retry(f"The reply mailbox refused the sign-in ({type(error).__name__}).") from None
    try:
        session.create(f'"{chosen.done_folder}"')  # fails harmlessly if the folder exists
        kind, _ = session.select("INBOX")
        _, can = session.capability()
    except (imaplib.IMAP4.error, OSError) as error:
        raise Retry(f"The reply mailbox could not be opened ({type(error).__name__}).") from None
    if kind != "OK":
        raise Retry("The reply mailbox would not open its inbox.")
    return frozenset(b" ".join(part for part in can if part).decode("ascii", "replace").upper().split())


def _received_at(response: bytes) -> datetime | None:
    """Parse the server's moment of receipt: INTERNALDATE "17-Mar-2026 08:00:00 +0000"."""
    found = _RECEIVED.search(response)
    if found is None:
        return None
    try:
        return parsedate_to_datetime(found[1].decode().replace("-", " ", 2)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None

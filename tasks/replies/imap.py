"""The reply mailbox over IMAP with TLS and a checked certificate, with limits on time and on bytes read."""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

from config.replies import ReplyMailbox
from models.errors import Retry
from tasks.platform.wire import Limits, Securing, Wire

MOST_BYTES = 256 * 1024  # read of each mail; a reply is at its beginning
MOST_LISTED = 1_000_000  # bytes of the list of an inbox, which strangers fill: about 100,000 mails
_RECEIVED = re.compile(rb'INTERNALDATE "([ -~]{20,30})"')


# What imaplib raises for a server that refuses, is gone, or answers with nonsense.
_FAILURES = (imaplib.IMAP4.error, OSError, ValueError, TypeError)


class FetchedMail(NamedTuple):
    """A mail, or its first MOST_BYTES, and the moment the server received it."""

    raw: bytes
    received_at: datetime | None


class Mailbox:
    """One session with the inbox. Its methods raise Retry with a sentence if the server cannot be used now."""

    def __init__(self, session: "_Session", done_folder: str, capabilities: frozenset[str]) -> None:
        self._session, self._done, self._can = session, f'"{done_folder}"', capabilities

    def mails(self, most: int) -> list[str]:
        """List the UIDs of at most `most` mails in the inbox, the oldest first, seen or unseen."""
        self._session.wire.allow(size=MOST_LISTED)
        found = self._command("search the inbox", "SEARCH", "NOT", "DELETED")
        return b" ".join(part for part in found if isinstance(part, bytes)).decode("ascii", "replace").split()[:most]

    def fetch(self, uid: str) -> FetchedMail | None:
        """Fetch a mail without marking it as seen; None if it is gone."""
        self._session.wire.allow(size=2 * MOST_BYTES)
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
        except _FAILURES as error:
            raise Retry(f"The reply mailbox could not {purpose} ({type(error).__name__}).") from None
        if kind != "OK":
            raise Retry(f"The reply mailbox would not {purpose}.")
        return list(found)


class _Session(imaplib.IMAP4):
    """imaplib's client over a wire."""

    wire: Wire

    def __init__(self, chosen: ReplyMailbox, limits: Limits, trusted: ssl.SSLContext) -> None:
        """Connect with TLS, and read the greeting."""
        self._chosen, self._limits, self._trusted = chosen, limits, trusted
        super().__init__(str(chosen.host), chosen.port)
        if chosen.security != "tls":
            try:
                self.starttls(ssl_context=Securing(trusted))
            except BaseException:
                with suppress(OSError):
                    self.shutdown()
                raise

    def _create_socket(self, timeout: float | None) -> Wire:
        del timeout
        self.wire = Wire(self.host, self.port, self._limits)
        if self._chosen.security == "tls":
            self.wire.secure(self._trusted)
        return self.wire

    def read(self, size: int) -> bytes:
        """Read a literal, unless its announced size is larger than the whole response may be."""
        self.wire.check_announced(size)
        return super().read(size)


@contextmanager
def open_inbox(chosen: ReplyMailbox, limits: Limits | None = None) -> Iterator[Mailbox]:
    """Open a session with the settings' inbox for the duration of the block."""
    session = _connected(chosen, limits or Limits())
    try:
        yield Mailbox(session, chosen.done_folder, _signed_in(session, chosen))
        with suppress(*_FAILURES):
            session.logout()
    finally:
        with suppress(OSError):
            session.shutdown()


def _connected(chosen: ReplyMailbox, limits: Limits) -> _Session:
    try:
        return _Session(chosen, limits, ssl.create_default_context())
    except ssl.SSLCertVerificationError:
        raise Retry("The reply mailbox's certificate is not trusted: install a trusted one on its server.") from None
    except _FAILURES as error:
        raise Retry(f"The reply mailbox cannot be reached ({type(error).__name__}).") from None


def _signed_in(session: _Session, chosen: ReplyMailbox) -> frozenset[str]:
    """Sign in, open the inbox, and return the server's capabilities."""
    password = chosen.password.get_secret_value() if chosen.password else ""
    try:
        session.login(str(chosen.user), password)
        session.wire.connected()
    except _FAILURES as error:
        raise Retry(f"The reply mailbox refused the sign-in ({type(error).__name__}).") from None
    try:
        session.create(f'"{chosen.done_folder}"')  # fails harmlessly if the folder exists
        kind, _ = session.select("INBOX")
        _, can = session.capability()
    except _FAILURES as error:
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

"""The reply mailbox over IMAP with TLS and a checked certificate, with limits on time and on bytes read."""

import imaplib
import re
import ssl
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

from config.replies import ReplyMailbox
from models.errors import Retry
from tasks.network.wire import Limits, Securing, Wire
from tasks.replies.envelope import FIELDS
from tasks.replies.imap_sign_in import sign_in, token_for
from tasks.replies.inbox import HEADERS, MOST_BYTES, FetchedMail
from tasks.replies.parts import LONGEST_HEADER

_WINDOW = 5_000  # mails that are searched at once, so that their numbers fit into one response
_HEADER = f"BODY.PEEK[HEADER.FIELDS ({' '.join(FIELDS)})]<0.{LONGEST_HEADER}>".upper()
_UID = re.compile(rb"\bUID (\d+)")
_NO_BODY = re.compile(rb'BODY\[TEXT\](?:<0>)? ""', re.IGNORECASE)
_RECEIVED = re.compile(rb'INTERNALDATE "([ -~]{20,30})"')


# What imaplib raises for a server that refuses, is gone, or answers with nonsense.
FAILURES = (imaplib.IMAP4.error, OSError, ValueError, TypeError)


class Mailbox:
    """One session with the inbox. Its methods raise Retry with a sentence if the server cannot be used now."""

    def __init__(self, session: "_Session", done_folder: str, capabilities: frozenset[str], number: int) -> None:
        self._session, self._done, self._can = session, f'"{done_folder}"', capabilities
        self._number = number  # of mails in the inbox

    def mails(self, most: int) -> list[str]:
        """List the UIDs of at most `most` mails in the inbox, the oldest first, seen or unseen."""
        uids: list[str] = []
        for first in range(1, self._number + 1, _WINDOW):
            window = f"{first}:{min(first + _WINDOW - 1, self._number)}"
            found = self._command("search the inbox", "SEARCH", window, "NOT", "DELETED")
            uids += b" ".join(part for part in found if isinstance(part, bytes)).decode("ascii", "replace").split()
            if len(uids) >= most:
                break
        return uids[:most]

    def lasts(self, seconds: float) -> bool:
        """Return whether the session has so many seconds left."""
        return self._session.wire.lasts(seconds)

    def headers(self, uids: Sequence[str]) -> Iterator[dict[str, bytes]]:
        """Fetch what is needed of mails' headers, some mails at a time, until half of the session is over.

        A mail that is gone is left out.
        """
        for at in range(0, len(uids), HEADERS):
            if not self.lasts(Limits().session / 2):
                return
            found, asked = {}, ",".join(uids[at : at + HEADERS])
            for given in _by_mail(self._command("fetch headers", "FETCH", asked, f"(UID {_HEADER})")):
                numbered = _UID.search(given.response)
                if numbered is not None and given.header is not None:
                    found[numbered[1].decode()] = given.header
            yield found

    def fetch(self, uid: str) -> FetchedMail | None:
        """Fetch a mail without marking it as seen; None if it is gone."""
        asked = f"(INTERNALDATE {_HEADER} BODY.PEEK[TEXT]<0.{MOST_BYTES}>)"
        for given in _by_mail(self._command("fetch a mail", "FETCH", uid, asked)):
            if given.header is not None and given.body is not None:  # NIL: moved away while it was fetched
                return FetchedMail(given.header, given.body, _received_at(given.response))
        return None

    def done(self, uids: Sequence[str]) -> None:
        """Mark handled mails as seen and move them to the done folder, unless another reader has done so."""
        some = ",".join(uids)
        try:
            self._move_to_done(some)
        except Retry:
            self._command("search for a mail", "SEARCH", "UID", some)  # also makes the server report removed mails
            if any(self._command("search for a mail", "SEARCH", "UID", some)):
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
        self._session.wire.allow(size=2 * MOST_BYTES)
        try:
            kind, found = self._session.uid(command, *arguments)
        except FAILURES as error:
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
    """Open a session with the settings' inbox for the duration of the block. Raises Retry."""
    with signed_in(chosen, limits) as session:
        yield Mailbox(session, chosen.done_folder, *_opened(session, chosen))


def connected(chosen: ReplyMailbox, limits: Limits) -> _Session:
    """Connect, without a sign-in. Raises Retry."""
    try:
        return _Session(chosen, limits, ssl.create_default_context())
    except ssl.SSLCertVerificationError:
        raise Retry("The reply mailbox's certificate is not trusted: install a trusted one on its server.") from None
    except FAILURES as error:
        raise Retry(f"The reply mailbox cannot be reached ({type(error).__name__}).") from None


@contextmanager
def signed_in(chosen: ReplyMailbox, limits: Limits | None = None) -> Iterator[_Session]:
    """Open a session without a folder for the duration of the block. Raises Retry as above."""
    token = token_for(chosen)
    session = connected(chosen, limits or Limits())
    try:
        _sign_in(session, chosen, token)
        yield session
        with suppress(*FAILURES):
            session.logout()
    finally:
        with suppress(OSError):
            session.shutdown()


def has_done_folder(chosen: ReplyMailbox, limits: Limits | None = None) -> bool:
    """Sign in, open the inbox for reading only, and return whether the done folder is there. Raises Retry as above."""
    with signed_in(chosen, limits) as session:
        with _opening():
            kind, _ = session.select("INBOX", readonly=True)
            done, _ = session.status(f'"{chosen.done_folder}"', "(MESSAGES)")
        _check_opened(kind)
        return done == "OK"


def _opened(session: _Session, chosen: ReplyMailbox) -> tuple[frozenset[str], int]:
    """Open the inbox, and return the server's capabilities and the number of mails."""
    with _opening():
        session.create(f'"{chosen.done_folder}"')  # fails harmlessly if the folder exists
        kind, exist = session.select("INBOX")
        _, can = session.capability()
    _check_opened(kind)
    number = int(exist[0]) if exist and exist[0] and exist[0].isdigit() else 0
    return frozenset(b" ".join(part for part in can if part).decode("ascii", "replace").upper().split()), number


def _sign_in(session: _Session, chosen: ReplyMailbox, token: str | None) -> None:
    try:
        sign_in(session, chosen, token)
        session.wire.connected()
    except FAILURES as error:
        raise Retry(f"The reply mailbox refused the sign-in ({type(error).__name__}).") from None


@contextmanager
def _opening() -> Iterator[None]:
    try:
        yield
    except FAILURES as error:
        raise Retry(f"The reply mailbox could not be opened ({type(error).__name__}).") from None


def _check_opened(kind: str) -> None:
    if kind != "OK":
        raise Retry("The reply mailbox would not open its inbox.")


class _Given(NamedTuple):
    """The response about one mail; None for what the server does not give."""

    response: bytes
    header: bytes | None
    body: bytes | None


def _by_mail(parts: Iterable[Any]) -> Iterator[_Given]:
    """Put together what imaplib returns in pieces: a literal with what precedes it, and what follows the last one."""
    response, header, body = b"", None, None
    for part in parts:
        if isinstance(part, tuple):
            response += part[0]
            if b"BODY[TEXT]" in part[0].upper():
                body = part[1]
            else:
                header = part[1]
        elif part and response:
            response += part
            yield _Given(response, header, b"" if body is None and _NO_BODY.search(response) else body)
            response, header, body = b"", None, None


def _received_at(response: bytes) -> datetime | None:
    """Parse the server's moment of receipt: INTERNALDATE "17-Mar-2026 08:00:00 +0000"."""
    match = _RECEIVED.search(response)
    if match is None:
        return None
    try:
        return parsedate_to_datetime(match[1].decode().replace("-", " ", 2)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None

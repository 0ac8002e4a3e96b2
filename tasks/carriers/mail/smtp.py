"""Speak SMTP stage by stage, so that every failure shows whether the message may have been accepted."""

import smtplib
import socket
import ssl
from contextlib import suppress
from functools import cached_property

from config.mail import Mail, Security
from config.terms import State
from tasks.carriers.carrier import Answer, Down
from tasks.carriers.transfer_timeout import TransferTimeout

TIMEOUT_SECONDS = 20.0  # for each answer
TRANSFER_TIMEOUT_SECONDS = 120.0  # for one whole message; well below a claim's lease
MOST_PER_SESSION = 50  # OpenSMTPD answers the 101st mail of a session with 452
GREYLIST_SECONDS = 300
_AUTH = frozenset({530, 534, 535, 538})
_MAILBOX_FULL = frozenset({452, 552})
_REFUSED_RECIPIENT = frozenset({550, 551, 553})


class _Ended(Exception):
    """Carries the answer to a refused message. Not an SMTPException or OSError: those mean the connection."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer


class Smtp:
    """One connection at a time to the settings' mail server, opened when first needed."""

    def __init__(
        self, mail: Mail, *, timeout: float = TIMEOUT_SECONDS, transfer_timeout: float = TRANSFER_TIMEOUT_SECONDS
    ) -> None:
        self._mail, self._timeout, self._transfer_timeout = mail, timeout, TransferTimeout(transfer_timeout)
        self._session: smtplib.SMTP | None = None
        self._accepted = 0

    def send(self, to: str, body: bytes, key: str) -> Answer:
        """Send one message to one recipient; the bytes hold its key. Raises Down where none can be sent now."""
        del key
        for fresh in (False, True):
            session, reused = self._open(fresh=fresh)
            try:
                with self._transfer_timeout.limit(_socket(session)):
                    self._envelope(session, to)
                    reference = self._content(session, body)
            except _Ended as ended:
                if ended.answer.state is State.QUEUED and reused:
                    continue  # the server had closed an idle connection: try once more, on a new one
                if ended.answer.state is State.QUEUED:
                    raise Down(ended.answer.reason) from None
                return ended.answer
            self._accepted += 1
            return Answer(State.SENT, "", reference)
        raise Down("the mail server closed the connection")

    def ready(self) -> None:
        """Open the session if there is none. Raises Down."""
        self._open(fresh=False)

    def close(self) -> None:
        """End the session with QUIT. What was accepted stays accepted, whatever the server answers."""
        if self._session is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._session.quit()
            self._drop()
        self._transfer_timeout.close()

    def _drop(self) -> None:
        if self._session is not None:
            with suppress(OSError):
                self._session.close()
        self._session, self._accepted = None, 0

    def _open(self, *, fresh: bool) -> tuple[smtplib.SMTP, bool]:
        if fresh or self._accepted >= MOST_PER_SESSION:
            self.close()
        if self._session is not None:
            return self._session, True
        try:
            self._session = self._connect()
        except ssl.SSLCertVerificationError:
            raise Down("the mail server's certificate is not trusted") from None
        except smtplib.SMTPNotSupportedError:
            raise Down("the mail server does not offer what the settings ask for (STARTTLS, AUTH)") from None
        except smtplib.SMTPAuthenticationError as error:
            raise Down(f"the mail server refused the sign-in ({error.smtp_code})") from None
        except (smtplib.SMTPException, OSError) as error:
            raise Down(f"the mail server cannot be reached ({type(error).__name__})") from None
        return self._session, False

    @cached_property
    def _trusted(self) -> ssl.SSLContext:
        """The certificates that this machine trusts, read once: a session is opened for every fifty letters."""
        return ssl.create_default_context()

    def _connect(self) -> smtplib.SMTP:
        mail, host = self._mail, str(self._mail.host)
        if mail.security is Security.TLS:
            session: smtplib.SMTP = smtplib.SMTP_SSL(host, mail.port, timeout=self._timeout, context=self._trusted)
        else:
            session = smtplib.SMTP(host, mail.port, timeout=self._timeout)
        try:
            session.ehlo()
            if mail.security is Security.STARTTLS:
                session.starttls(context=self._trusted)
                session.ehlo()
            if mail.user is not None and mail.password is not None:
                session.login(mail.user, mail.password.get_secret_value())
        except BaseException:
            session.close()
            raise
        return session

    def _envelope(self, session: smtplib.SMTP, to: str) -> None:
        stages = (
            ("MAIL", 250, lambda: session.mail(self._mail.from_address)),
            ("RCPT", 250, lambda: session.rcpt(to)),
            ("DATA", 354, lambda: session.docmd("data")),
        )
        for stage, expected, call in stages:
            try:
                code, text = call()  # type: ignore[no-untyped-call]
            except (smtplib.SMTPException, OSError) as error:
                self._drop()
                state = State.QUEUED if stage == "MAIL" else State.RETRY
                raise _Ended(Answer(state, f"connection lost at {stage} ({type(error).__name__})")) from None
            if code != expected and not (stage == "RCPT" and code == 251):
                self._reset(session, code)
                raise _Ended(by_code(code, text, stage))

    def _content(self, session: smtplib.SMTP, body: bytes) -> str:
        try:
            session.send(smtplib._quote_periods(body) + b".\r\n")  # type: ignore[attr-defined]  # noqa: SLF001
            code, text = session.getreply()
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise _Ended(Answer(State.UNKNOWN, f"no answer to the last dot ({type(error).__name__})")) from None
        if code == 250:
            return text.decode("ascii", "replace")[:200]
        if code == 421 or not 400 <= code < 600:  # closing, or no whole answer
            self._drop()
            raise _Ended(Answer(State.UNKNOWN, f"{code} to the last dot"))
        raise _Ended(by_code(code, text, "the last dot"))

    def _reset(self, session: smtplib.SMTP, code: int) -> None:
        if code == 421:
            self._drop()
            return
        try:
            session.rset()
        except (smtplib.SMTPException, OSError):
            self._drop()


def _socket(session: smtplib.SMTP) -> socket.socket:
    if session.sock is None:
        raise _Ended(Answer(State.QUEUED, "the connection is closed"))
    return session.sock


def by_code(code: int, text: bytes, stage: str) -> Answer:
    """Interpret a refusal by its digits alone (RFC 5321, RFC 3463). `queued` means that the carrier is down."""
    enhanced = text.split(b" ", 1)[0].decode("ascii", "replace")
    parts = enhanced.split(".") if enhanced[:2] in {"4.", "5."} else []
    detail = ".".join(parts[1:3])
    refusal = f"{code}{' ' + enhanced if parts else ''} at {stage}"
    if code in _AUTH or (stage == "MAIL" and (code == 421 or (code >= 500 and detail.startswith("7.")))):
        return Answer(State.QUEUED, refusal)
    if code >= 500 and stage != "RCPT" and detail.startswith("7."):
        return Answer(State.RETRY, f"{refusal}: the server's policy", wait=GREYLIST_SECONDS)  # the others go on
    if 400 <= code < 500 or (code in _MAILBOX_FULL and detail == "2.2"):
        return Answer(State.RETRY, refusal, wait=GREYLIST_SECONDS if detail == "7.1" else 0)
    if stage == "RCPT" and (code in _REFUSED_RECIPIENT or parts):
        return Answer(State.DEAD, f"{refusal}: the address was refused; put the contact right in its source")
    if code >= 500:
        return Answer(State.DEAD, f"{refusal}: the message was refused")
    return Answer(State.RETRY, f"unexpected {refusal}")

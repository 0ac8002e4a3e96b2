"""The mail carrier: SMTP stage by stage, so that every failure says whether the message may have been accepted."""

import smtplib
import socket
import ssl
from contextlib import suppress
from datetime import datetime
from functools import cached_property

from config.mail import Mail, Security
from config.terms import Channel, State
from models.rules.outbox.message_states import REPEAT
from tasks.carriers.carrier import Answer, Down
from tasks.carriers.transfer_timeout import Deadline

TIMEOUT_SECONDS = 20.0  # for each answer
DEADLINE_SECONDS = 120.0  # for one whole message; well below a claim's lease
MOST_PER_SESSION = 50  # OpenSMTPD answers the 101st mail of a session with 452
GREYLIST_SECONDS = 300
_AUTH = frozenset({530, 534, 535, 538})
_MAILBOX_FULL = frozenset({452, 552})
_REFUSED_RECIPIENT = frozenset({550, 551, 553})


class _Ended(Exception):
    """The answer to a message, where it is not a yes. Never an SMTPException or OSError: those mean the wire."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer


class Carrier:
    """One connection at a time to the settings' mail server, opened when first needed."""

    channel = Channel.EMAIL

    def __init__(self, mail: Mail, *, timeout: float = TIMEOUT_SECONDS, deadline: float = DEADLINE_SECONDS) -> None:
        self._mail, self._timeout, self._deadline = mail, timeout, Deadline(deadline)
        self._session: smtplib.SMTP | None = None
        self._carried = 0

    def send(self, to: str, body: bytes, key: str) -> Answer:
        """Carry one message to one recipient; the bytes hold its key. Raises Down where none could be carried now."""
        del key
        for fresh in (False, True):
            session, reused = self._open(fresh=fresh)
            try:
                with self._deadline.over(_wire(session)):
                    self._envelope(session, to)
                    reference = self._content(session, body)
            except _Ended as ended:
                if ended.answer.state is State.QUEUED and reused:
                    continue  # an idle connection that the server had closed: once more, on a new one
                if ended.answer.state is State.QUEUED:
                    raise Down(ended.answer.reason) from None
                return ended.answer
            self._carried += 1
            return Answer(State.SENT, "", reference)
        raise Down("the mail server closed the connection")

    def ready(self) -> None:
        """Open the session if there is none, before any message is marked as being sent. Raises Down."""
        self._open(fresh=False)

    def look_for(self, to: str, body: bytes, key: str, sending_at: datetime) -> Answer:
        """Nobody can look into a mailbox: it is said once more, under the same Message-ID and marked."""
        del to, body, key, sending_at
        return Answer(State.RETRY, REPEAT)

    def close(self) -> None:
        """End the session politely. What was accepted stays accepted, whatever the server answers to QUIT."""
        if self._session is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._session.quit()
            self._drop()
        self._deadline.close()

    def _drop(self) -> None:
        if self._session is not None:
            with suppress(OSError):
                self._session.close()
        self._session, self._carried = None, 0

    def _open(self, *, fresh: bool) -> tuple[smtplib.SMTP, bool]:
        if fresh or self._carried >= MOST_PER_SESSION:
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
        """Whom this machine trusts, read once: a session is opened for every fifty letters."""
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
        for stage, wanted, call in stages:
            try:
                code, words = call()  # type: ignore[no-untyped-call]
            except (smtplib.SMTPException, OSError) as error:
                self._drop()
                state = State.QUEUED if stage == "MAIL" else State.RETRY
                raise _Ended(Answer(state, f"connection lost at {stage} ({type(error).__name__})")) from None
            if code != wanted and not (stage == "RCPT" and code == 251):
                self._reset(session, code)
                raise _Ended(by_code(code, words, stage))

    def _content(self, session: smtplib.SMTP, body: bytes) -> str:
        try:
            session.send(smtplib._quote_periods(body) + b".\r\n")  # type: ignore[attr-defined]  # noqa: SLF001
            code, words = session.getreply()
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise _Ended(Answer(State.UNKNOWN, f"no answer to the last dot ({type(error).__name__})")) from None
        if code == 250:
            return words.decode("ascii", "replace")[:200]
        if code == 421 or not 400 <= code < 600:  # closing, or no whole answer
            self._drop()
            raise _Ended(Answer(State.UNKNOWN, f"{code} to the last dot"))
        raise _Ended(by_code(code, words, "the last dot"))

    def _reset(self, session: smtplib.SMTP, code: int) -> None:
        if code == 421:
            self._drop()
            return
        try:
            session.rset()
        except (smtplib.SMTPException, OSError):
            self._drop()


def _wire(session: smtplib.SMTP) -> socket.socket:
    if session.sock is None:
        raise _Ended(Answer(State.QUEUED, "the connection is closed"))
    return session.sock


def by_code(code: int, words: bytes, stage: str) -> Answer:
    """What a refusal means, by its digits alone (RFC 5321, RFC 3463). `queued` stands for the carrier being down."""
    enhanced = words.split(b" ", 1)[0].decode("ascii", "replace")
    parts = enhanced.split(".") if enhanced[:2] in {"4.", "5."} else []
    detail = ".".join(parts[1:3])
    said = f"{code}{' ' + enhanced if parts else ''} at {stage}"
    if code in _AUTH or (stage == "MAIL" and (code == 421 or (code >= 500 and detail.startswith("7.")))):
        return Answer(State.QUEUED, said)
    if code >= 500 and stage != "RCPT" and detail.startswith("7."):
        return Answer(State.RETRY, f"{said}: the server's policy", wait=GREYLIST_SECONDS)  # the others go on
    if 400 <= code < 500 or (code in _MAILBOX_FULL and detail == "2.2"):
        return Answer(State.RETRY, said, wait=GREYLIST_SECONDS if detail == "7.1" else 0)
    if stage == "RCPT" and (code in _REFUSED_RECIPIENT or parts):
        return Answer(State.DEAD, f"{said}: the address was refused; put the contact right in its source")
    if code >= 500:
        return Answer(State.DEAD, f"{said}: the message was refused")
    return Answer(State.RETRY, f"unexpected {said}")

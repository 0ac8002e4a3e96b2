"""Speak SMTP stage by stage, so that every failure shows whether the message may have been accepted."""

import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property

from config.mail import Mail, Security
from config.terms import State
from tasks.carriers.carrier import Answer, Down
from tasks.carriers.mail import submission
from tasks.carriers.mail.codes import SIGN_IN_FIRST, by_code
from tasks.network.oauth import sasl
from tasks.network.oauth.access import access_token, forget
from tasks.network.oauth.refusals import NoToken
from tasks.network.wire import Limits, Securing, Wire

LETTER_SECONDS = 40.0  # for the writing of one letter
MESSAGE_SECONDS = 120.0  # for a letter with its four commands: those of `Limits`, well below a claim's lease
MOST_PER_SESSION = 50  # OpenSMTPD answers the 101st mail of a session with 452


class _Ended(Exception):
    """Carries the answer to a refused message. Not an SMTPException or OSError: those mean the connection."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer


class _Session(smtplib.SMTP):
    """smtplib's client over a wire."""

    wire: Wire

    def __init__(self, mail: Mail, limits: Limits, trusted: ssl.SSLContext) -> None:
        """Find the name of this machine; connect to nothing yet."""
        self._mail, self._limits, self._trusted = mail, limits, trusted
        super().__init__()

    def _get_socket(self, host: str, port: int, timeout: float) -> Wire:
        del timeout
        self.wire = Wire(host, port, self._limits)
        if self._mail.security is Security.TLS:
            self.wire.secure(self._trusted)
        return self.wire

    def sign_in(self, token: str | None) -> None:
        """Connect, secure the connection and sign in, within the time for connecting."""
        mail = self._mail
        code, text = self.connect(str(mail.host), mail.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, text)
        self.ehlo()
        if mail.security is Security.STARTTLS:
            self.starttls(context=Securing(self._trusted))  # type: ignore[call-overload]
            self.ehlo()
        if mail.user is not None and token is not None:
            self._show(mail.user, token)
        elif mail.user is not None and mail.password is not None:
            self.login(mail.user, mail.password.get_secret_value())
        self.wire.connected()

    def _show(self, user: str, token: str) -> None:
        chosen = sasl.mechanism(self.esmtp_features.get("auth", "").split())
        if chosen is None:
            raise smtplib.SMTPNotSupportedError
        answers = sasl.conversation(chosen, user, token)
        self.auth(chosen, lambda _challenge=None: answers())


class Smtp:
    """One connection at a time to the settings' mail server, opened when first needed."""

    def __init__(self, mail: Mail, limits: Limits | None = None, letter_seconds: float = LETTER_SECONDS) -> None:
        self._mail, self._limits, self._letter_seconds = mail, limits or Limits(), letter_seconds
        self._session: _Session | None = None
        self._accepted = 0

    def send(self, to: str, body: bytes, key: str) -> Answer:
        """Send one message to one recipient; the bytes hold its key. Raises Down where none can be sent now."""
        del key
        for fresh in (False, True):
            session, reused = self._open(fresh=fresh)
            try:
                self._envelope(session, to)
                reference = self._content(session, body)
            except _Ended as ended:
                if ended.answer.state is State.QUEUED and reused and not ended.answer.wait:
                    continue  # the server had closed an idle connection: try once more, on a new one
                if ended.answer.state is State.QUEUED:
                    raise Down(ended.answer.reason, ended.answer.wait) from None
                return ended.answer
            self._accepted += 1
            return Answer(State.SENT, "", reference)
        raise Down("the mail server closed the connection")

    def takes(self, to: str) -> bool:
        """Return whether the server takes a recipient, whom it is asked for without a letter. Raises Down."""
        session, _ = self._open(fresh=False)
        try:
            self._envelope(session, to, ("MAIL", "RCPT"))
            self._reset(session, 250)
        except _Ended as ended:
            if ended.answer.state is State.QUEUED or self._session is None:
                raise Down(ended.answer.reason, ended.answer.wait) from None
            return ended.answer.refusal is None
        return True

    def ready(self) -> None:
        """Open the session if there is none. Raises Down."""
        self._open(fresh=False)

    def demands_sign_in(self) -> bool:
        """Return whether the server takes no sender who has not signed in. No mail is begun. Raises Down."""
        session, _ = self._open(fresh=False)
        with _reaching():
            code, _ = session.mail(self._mail.from_address)
        self._reset(session, code)
        return code in SIGN_IN_FIRST

    def close(self) -> None:
        """End the session with QUIT. What was accepted stays accepted, whatever the server answers."""
        if self._session is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._session.quit()
            self._drop()

    def _drop(self) -> None:
        if self._session is not None:
            with suppress(OSError):
                self._session.close()
        self._session, self._accepted = None, 0

    def _open(self, *, fresh: bool) -> tuple[_Session, bool]:
        used = self._session
        if used is not None and (fresh or self._accepted >= MOST_PER_SESSION or not used.wire.lasts(MESSAGE_SECONDS)):
            self.close()
        if self._session is not None:
            return self._session, True
        with _reaching():
            self._session = self._connect()
        return self._session, False

    @cached_property
    def _trusted(self) -> ssl.SSLContext:
        """The certificates that this machine trusts, read once: a session is opened for every fifty letters."""
        return ssl.create_default_context()

    def _connect(self) -> _Session:
        token = access_token(self._mail.oauth) if self._mail.oauth.on else None
        session = _Session(self._mail, self._limits, self._trusted)
        try:
            session.sign_in(token)
        except BaseException:
            session.close()
            raise
        return session

    def _envelope(self, session: _Session, to: str, stages: Sequence[str] = ("MAIL", "RCPT", "DATA")) -> None:
        calls = {
            "MAIL": (250, lambda: session.mail(self._mail.from_address)),
            "RCPT": (250, lambda: session.rcpt(to)),
            "DATA": (354, lambda: session.docmd("data")),
        }
        for stage in stages:
            expected, call = calls[stage]
            try:
                code, text = call()  # type: ignore[no-untyped-call]
            except (smtplib.SMTPException, OSError) as error:
                self._drop()
                state = State.QUEUED if stage == "MAIL" else State.RETRY
                raise _Ended(Answer(state, f"connection lost at {stage} ({type(error).__name__})")) from None
            if code != expected and not (stage == "RCPT" and code == 251):
                self._reset(session, code)
                raise _Ended(by_code(code, text, stage, own_mailbox=self._mail.oauth.on))

    def _content(self, session: _Session, body: bytes) -> str:
        try:
            session.wire.allow(seconds=self._letter_seconds)
            session.send(smtplib._quote_periods(body))  # type: ignore[attr-defined]  # noqa: SLF001
        except (smtplib.SMTPException, OSError) as error:  # without its dot no server accepts it
            self._drop()
            raise _Ended(Answer(State.RETRY, f"connection lost in the letter ({type(error).__name__})")) from None
        try:
            session.send(b".\r\n")
            code, text = session.getreply()
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise _Ended(Answer(State.UNKNOWN, f"no answer to the last dot ({type(error).__name__})")) from None
        if code == 250:
            return text.decode("ascii", "replace")[:200]
        if code == 421 or not 400 <= code < 600:  # closing, or no whole answer
            self._drop()
            raise _Ended(Answer(State.UNKNOWN, f"{code} to the last dot"))
        raise _Ended(by_code(code, text, "the last dot", own_mailbox=self._mail.oauth.on))

    def _reset(self, session: _Session, code: int) -> None:
        if code == 421:
            self._drop()
            return
        try:
            session.rset()
        except (smtplib.SMTPException, OSError):
            self._drop()


@contextmanager
def _reaching() -> Iterator[None]:
    """Turn each failure to open a session into Down, in a sentence of its own."""
    try:
        yield
    except NoToken as none:
        raise Down(f"no token for the sign-in: {none}") from None
    except ssl.SSLCertVerificationError:
        raise Down("the mail server's certificate is not trusted") from None
    except smtplib.SMTPNotSupportedError:
        raise Down("the mail server does not offer what the settings ask for (STARTTLS, AUTH)") from None
    except smtplib.SMTPResponseException as error:
        raise _refused(error) from None
    except (smtplib.SMTPException, OSError, ValueError) as error:  # a challenge may be no base64
        raise Down(f"the mail server cannot be reached ({type(error).__name__})") from None


def _refused(error: smtplib.SMTPResponseException) -> Down:
    text = error.smtp_error if isinstance(error.smtp_error, bytes) else b""
    signing_in = isinstance(error, smtplib.SMTPAuthenticationError)
    if signing_in:
        forget()
    answer = submission.refusal(
        error.smtp_code, text, "the sign-in" if signing_in else "the greeting", own_mailbox=False
    )
    if answer is not None:
        return Down(answer.reason, answer.wait)
    if signing_in:
        return Down(f"the mail server refused the sign-in ({error.smtp_code})")
    return Down(f"the mail server cannot be reached ({type(error).__name__})")

"""One session with a mail server, stage by stage: what is sent again, what is unknown, and when it is opened anew."""

import smtplib
import ssl
from types import SimpleNamespace
from typing import Any

import pytest

from config.mail import Mail
from config.terms import State
from tasks.carriers.carrier import Down
from tasks.carriers.mail.smtp import MESSAGE_SECONDS, MOST_PER_SESSION, Smtp
from tests.worlds.days import row

OK = {"MAIL": (250, b"ok"), "RCPT": (250, b"ok"), "DATA": (354, b"go on"), "dot": (250, b"2.0.0 kept")}


class Session:
    """A session that answers each stage as it is told; a fault is raised."""

    def __init__(self, **answers: Any) -> None:
        self.answers, self.stages, self.seconds = OK | answers, [], 1_000.0
        self.wire = SimpleNamespace(allow=lambda **_: None, lasts=lambda seconds: self.seconds > seconds)

    def _at(self, stage: str) -> Any:
        self.stages.append(stage)
        answer = self.answers.get(stage, (250, b"ok"))
        if isinstance(answer, Exception):
            raise answer
        return answer

    def mail(self, sender: str) -> Any:
        assert sender == "casebeat@police.uk"
        return self._at("MAIL")

    def rcpt(self, to: str) -> Any:
        assert to == "to"
        return self._at("RCPT")

    def docmd(self, _: str) -> Any:
        return self._at("DATA")

    def send(self, body: bytes) -> None:
        self._at("end" if body == b".\r\n" else "letter")

    def getreply(self) -> Any:
        return self._at("dot")

    def rset(self) -> None:
        self._at("RSET")

    def quit(self) -> None:
        self._at("QUIT")

    def close(self) -> None:
        self.stages.append("close")


class Server:
    """The sessions that a carrier gets, in turn, or the fault of connecting."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *sessions: Any) -> None:
        self.sessions, self.opened = list(sessions), list[Any]()
        monkeypatch.setattr(Smtp, "_connect", self.connect)

    def connect(self) -> Any:
        found = self.sessions.pop(0) if self.sessions else Session()
        if isinstance(found, Exception):
            raise found
        self.opened.append(found)
        return found


def carrier() -> Smtp:
    return Smtp(Mail(host="mail.invalid", from_address="casebeat@police.uk", operations="ops@police.uk"))


def sent(one: Smtp) -> Any:
    answer = one.send("to", b"words", "k")
    return answer.state, answer.reason


CLOSED = smtplib.SMTPServerDisconnected("gone")


def test_a_letter_that_is_taken_has_the_servers_words_as_its_reference(monkeypatch):
    Server(monkeypatch, Session(dot=(250, b"2.0.0 " + b"x" * 300)))
    answer = carrier().send("to", b"words", "k")
    assert (answer.state, answer.reason, len(answer.remote_ref or "")) == (State.SENT, "", 200)


@pytest.mark.parametrize(
    ("stage", "answer", "state"),
    [
        row("another success for the recipient", "RCPT", (251, b"will forward"), State.SENT),
        row("no such success for the sender", "MAIL", (251, b"odd"), State.RETRY),
        row("no success at all for the recipient", "RCPT", (252, b"odd"), State.RETRY),
        row("a refused recipient", "RCPT", (550, b"5.1.1 nobody"), State.DEAD),
        row("a success where a letter is asked for", "DATA", (250, b"odd"), State.RETRY),
        row("a connection lost at the recipient", "RCPT", CLOSED, State.RETRY),
        row("a connection lost at the letter", "DATA", CLOSED, State.RETRY),
        row("a connection lost in the letter", "letter", OSError(), State.RETRY),
        row("a connection lost at the last dot", "end", OSError(), State.UNKNOWN),
        row("no answer to the last dot", "dot", CLOSED, State.UNKNOWN),
        row("closing at the last dot", "dot", (421, b"closing"), State.UNKNOWN),
        row("half an answer to the last dot", "dot", (399, b"odd"), State.UNKNOWN),
        row("a passing refusal of the letter", "dot", (400, b"later"), State.RETRY),
        row("a lasting refusal of the letter", "dot", (599, b"no"), State.DEAD),
        row("no refusal and no success", "dot", (600, b"odd"), State.UNKNOWN),
        row("another success", "dot", (251, b"odd"), State.UNKNOWN),
    ],
)
def test_every_failure_shows_whether_the_letter_may_have_been_taken(monkeypatch, stage, answer, state):
    Server(monkeypatch, Session(**{stage: answer}))
    assert sent(carrier())[0] is state


@pytest.mark.parametrize("answer", [CLOSED, (421, b"4.3.2 closing"), (530, b"5.7.0 sign in")])
def test_a_server_that_takes_nothing_from_a_new_session_is_down(monkeypatch, answer):
    server = Server(monkeypatch, Session(MAIL=answer), Session())
    with pytest.raises(Down, match="MAIL"):
        sent(carrier())
    assert len(server.opened) == 1


def test_an_idle_session_that_the_server_has_closed_is_opened_again_once(monkeypatch):
    first = Session()
    server = Server(monkeypatch, first, Session())
    one = carrier()
    assert sent(one)[0] is State.SENT
    first.answers["MAIL"] = CLOSED
    assert sent(one)[0] is State.SENT
    assert len(server.opened) == 2
    server.opened[1].answers["MAIL"] = CLOSED
    server.sessions = [Session(MAIL=CLOSED)]
    with pytest.raises(Down):
        sent(one)


def test_a_refused_letter_leaves_the_session_as_it_was_unless_the_server_closes(monkeypatch):
    session = Session(RCPT=(550, b"5.1.1 nobody"))
    server = Server(monkeypatch, session)
    one = carrier()
    assert [sent(one)[0] for _ in range(2)] == [State.DEAD] * 2
    assert (len(server.opened), session.stages) == (1, ["MAIL", "RCPT", "RSET"] * 2)
    session.answers["RCPT"] = (421, b"closing")
    assert sent(one)[0] is State.RETRY
    assert session.stages[-2:] == ["RCPT", "close"]
    spoilt = Session(RCPT=(550, b"5.1.1 nobody"), RSET=CLOSED)
    server.sessions = [spoilt, Session()]
    assert [sent(one)[0] for _ in range(2)] == [State.DEAD, State.SENT]
    assert len(server.opened) == 3


def test_a_session_takes_fifty_letters_and_none_that_it_may_not_last_for(monkeypatch):
    server = Server(monkeypatch)
    one = carrier()
    for _ in range(MOST_PER_SESSION):
        sent(one)
    assert len(server.opened) == 1
    sent(one)
    assert [len(server.opened), server.opened[0].stages[-2:]] == [2, ["QUIT", "close"]]
    for _ in range(MOST_PER_SESSION - 1):
        sent(one)
    assert len(server.opened) == 2, "each session counts its own"
    one.close()
    sent(one)
    server.opened[-1].seconds = MESSAGE_SECONDS + 1
    sent(one)
    assert len(server.opened) == 3
    server.opened[-1].seconds = MESSAGE_SECONDS
    one.ready()
    assert len(server.opened) == 4
    one.close()
    one.close()
    assert server.opened[-1].stages == ["QUIT", "close"]


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (ssl.SSLCertVerificationError(), "the mail server's certificate is not trusted"),
        (smtplib.SMTPNotSupportedError(), "does not offer what the settings ask for"),
        (smtplib.SMTPAuthenticationError(535, b"no"), "refused the sign-in (535)"),
        (TimeoutError(), "cannot be reached (TimeoutError)"),
    ],
)
def test_a_server_that_is_not_reached_is_down_in_one_sentence(monkeypatch, fault, why):
    Server(monkeypatch, fault)
    with pytest.raises(Down) as down:
        carrier().ready()
    assert why in str(down.value)

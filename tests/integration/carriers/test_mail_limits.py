"""A mail server that drips, floods or stalls holds a round for seconds, and takes no memory."""

import json
import ssl
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from config.mail import Mail, Security
from config.terms import State
from tasks.carriers.carrier import Answer, Down
from tasks.carriers.mail.smtp import Smtp
from tasks.network.wire import Limits
from tests.house.source import ROOT
from tests.support.hostile_server import HostileSmtp
from tests.support.post import certificate

SHORT = Limits(connect=0.8, exchange=0.4)
LONGEST = 0.8 + 4 * 0.4 + 1.0  # connecting, the exchanges of one letter, a loaded machine
LETTER = b"From: a@police.uk\r\nSubject: S\r\n\r\nwords\r\n"


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    key, cert = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


def mail(server: HostileSmtp, security: Security = Security.NONE) -> Mail:
    return Mail.model_validate({
        "host": "localhost", "port": server.port, "operations": "ops@surrey.police.uk", "security": security,
        "user": "casebeat", "password": "secret",
    })  # fmt: skip


def send(server: HostileSmtp, security: Security = Security.NONE, body: bytes = LETTER) -> tuple[Answer | None, float]:
    """The answer, or None if the carrier is down, and the seconds that it took, QUIT included."""
    began, answer = time.monotonic(), None
    carrier = Smtp(mail(server, security), SHORT, letter_seconds=SHORT.exchange)
    with suppress(Down):
        answer = carrier.send("p1@surrey.police.uk", body, "k")
    carrier.close()
    return answer, time.monotonic() - began


OUTCOMES = [
    ("greeting", None), ("EHLO", None), ("AUTH", None), ("MAIL", None),
    ("RCPT", State.RETRY), ("DATA", State.RETRY), ("dot", State.UNKNOWN), ("QUIT", State.SENT),
]  # fmt: skip


@pytest.mark.parametrize("what", ["drip", "flood", "stall"])
@pytest.mark.parametrize(("stage", "state"), OUTCOMES)
def test_a_server_without_tls_that_never_ends_a_reply_is_left_in_time(stage: str, state: State | None, what: str):
    with HostileSmtp(stage, what) as server:
        answer, seconds = send(server)
    assert (answer.state if answer else None) is state
    assert seconds < LONGEST


@pytest.mark.parametrize("what", ["drip", "flood"])
@pytest.mark.parametrize(
    ("stage", "state"), [("STARTTLS", None), ("handshake", None), ("EHLO again", None), *OUTCOMES[2:]]
)
def test_a_server_with_starttls_that_never_ends_a_reply_is_left_in_time(
    tls: ssl.SSLContext, stage: str, state: State | None, what: str
):
    with HostileSmtp(stage, what, tls) as server:
        answer, seconds = send(server, Security.STARTTLS)
    assert (answer.state if answer else None) is state
    assert seconds < LONGEST


@pytest.mark.parametrize("stage", ["handshake", "greeting", "EHLO", "AUTH"])
@pytest.mark.parametrize("what", ["drip", "flood"])
def test_a_server_with_tls_from_the_start_that_never_ends_a_reply_is_left_in_time(
    tls: ssl.SSLContext, stage: str, what: str
):
    with HostileSmtp(stage, what, tls, from_start=True) as server:
        answer, seconds = send(server, Security.TLS)
    assert answer is None
    assert seconds < LONGEST


def test_connecting_ends_in_time_though_every_single_reply_comes_in_time():
    class Slow(HostileSmtp):
        def reply(self, stage: str, ordinary: bytes) -> None:
            self.over.wait(0.4)
            super().reply(stage, ordinary)

    with Slow("", "") as server:
        answer, seconds = send(server)
    assert answer is None
    assert seconds < LONGEST


@pytest.mark.parametrize("security", [Security.NONE, Security.STARTTLS])
def test_a_letter_that_the_server_stops_reading_is_tried_again(tls: ssl.SSLContext, security: Security):
    with HostileSmtp("letter", "stall", tls) as server:
        answer, seconds = send(server, security, body=b"x" * 76 + b"\r\n" * 10_000_000)
    assert answer
    assert answer.state is State.RETRY
    assert seconds < LONGEST


def test_a_session_with_too_little_time_for_another_letter_is_not_used_again():
    with HostileSmtp("", "") as server:
        carrier = Smtp(mail(server), Limits(session=121.0))
        first = carrier.send("p1@surrey.police.uk", LETTER, "k")
        time.sleep(1.1)
        second = carrier.send("p1@surrey.police.uk", LETTER, "k")
        carrier.close()
        assert server.sessions == 2
    assert (first.state, second.state) == (State.SENT, State.SENT)


def test_a_greeting_that_drips_is_left_after_ten_seconds_by_the_numbers_of_production():
    with HostileSmtp("greeting", "drip") as server:
        began = time.monotonic()
        with pytest.raises(Down, match="cannot be reached"):
            Smtp(mail(server)).ready()
    assert 9 < time.monotonic() - began < 12


FLOODED = """
import json, resource, sys
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
from config.mail import Mail
from tasks.carriers.carrier import Down
from tasks.carriers.mail.smtp import Smtp
carrier = Smtp(Mail.model_validate(json.loads(sys.argv[1])))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    print(carrier.send("p1@surrey.police.uk", b"Subject: S\\r\\n\\r\\nwords\\r\\n", "k").state, file=sys.stderr)
except Down:
    pass
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.parametrize("stage", ["greeting", "EHLO", "RCPT", "dot"])
def test_a_flood_takes_no_memory_by_the_numbers_of_production(stage: str):
    with HostileSmtp(stage, "flood") as server:
        chosen = {"host": "127.0.0.1", "port": server.port, "operations": "o@surrey.police.uk", "security": "none"}
        done = subprocess.run(
            [sys.executable, "-c", FLOODED, json.dumps(chosen)], cwd=ROOT, capture_output=True, timeout=60, check=True
        )
    assert int(done.stdout) < 50_000, "KB"


def test_a_challenge_that_is_no_base64_is_a_carrier_that_is_down():
    with HostileSmtp("AUTH", b"334 A\r\n") as server:
        assert send(server)[0] is None

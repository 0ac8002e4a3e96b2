"""A mailbox's server that drips, floods, stalls or announces too much holds nobody, and takes no memory."""

import json
import os
import ssl
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from config.replies import ReplyMailbox
from models.errors import Retry
from tasks.network.wire import Limits
from tasks.replies import imap
from tests.house.source import ROOT
from tests.support.hostile_server import HostileImap
from tests.support.post import certificate

SHORT = Limits(connect=0.8, exchange=0.4)
LONGEST = 0.8 + 3 * 0.4 + 1.0  # connecting, opening the inbox, one command, a loaded machine
ANNOUNCED = b"* 1 FETCH (UID 7 BODY[]<0> {99999999999}\r\n"


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    key, cert = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


def chosen(server: HostileImap, security: str = "tls") -> ReplyMailbox:
    return ReplyMailbox.model_validate({
        "host": "localhost", "port": server.port, "security": security, "user": "u", "password": "secret",
        "address": "replies@surrey.police.uk",
    })  # fmt: skip


def read_all(server: HostileImap, security: str = "tls") -> list[tuple[bytes, bytes] | None]:
    """Every command of a run: sign in, list, fetch headers, fetch, put away, leave."""
    with imap.open_inbox(chosen(server, security), SHORT) as box:
        found = []
        for uid in (uid for headers in box.headers(box.mails(10)) for uid in headers):
            fetched = box.fetch(uid)
            found.append(fetched and fetched[:2])
            box.done([uid])
        return found


def left_in_time(server: HostileImap, security: str = "tls") -> bool:
    began = time.monotonic()
    with suppress(Retry):
        read_all(server, security)
    return time.monotonic() - began < LONGEST


STAGES = [
    "handshake", "greeting", "CAPABILITY", "LOGIN", "CREATE", "SELECT", "SEARCH", "FETCH", "literal", "STORE", "MOVE",
    "LOGOUT",
]  # fmt: skip


@pytest.mark.parametrize("what", ["drip", "flood"])
@pytest.mark.parametrize("stage", STAGES)
def test_a_server_that_never_ends_a_response_is_left_in_time(tls: ssl.SSLContext, stage: str, what: str):
    with HostileImap(stage, what, tls, from_start=True) as server:
        assert left_in_time(server)


@pytest.mark.parametrize("what", ["drip", "flood"])
@pytest.mark.parametrize("stage", ["greeting", "CAPABILITY", "STARTTLS", "handshake", "LOGIN", "FETCH"])
def test_a_server_with_starttls_that_never_ends_a_response_is_left_in_time(tls: ssl.SSLContext, stage: str, what: str):
    with HostileImap(stage, what, tls) as server:
        assert left_in_time(server, "starttls")


def test_a_server_that_behaves_is_read_with_either_security(tls: ssl.SSLContext):
    for security in ("tls", "starttls"):
        with HostileImap("", "", tls, from_start=security == "tls") as server:
            assert read_all(server, security) == [(HostileImap.header, HostileImap.body)]


@pytest.mark.parametrize(
    ("stage", "reply"),
    [
        ("FETCH", ANNOUNCED),
        ("FETCH", b"* 1 FETCH (BODY[]<0> {" + b"9" * 5000 + b"}\r\n"),
        ("greeting", b"* OK {99999999999}\r\n"),
        ("greeting", b"* OK\xff\r\n"),
        ("CAPABILITY", b"* CAPABILITY {3}\r\nabc\r\n"),
        ("SELECT", b"* BYE {" + b"9" * 5000 + b"}\r\n"),
    ],
)
def test_nonsense_is_a_mailbox_that_cannot_be_used_now(tls: ssl.SSLContext, stage: str, reply: bytes):
    with HostileImap(stage, reply, tls, from_start=True) as server, pytest.raises(Retry, match="The reply mailbox"):
        read_all(server)


def test_a_greeting_that_drips_is_left_after_ten_seconds_by_the_numbers_of_production(tls: ssl.SSLContext):
    with HostileImap("greeting", "drip", tls, from_start=True) as server:
        began = time.monotonic()
        with pytest.raises(Retry, match="cannot be reached"), imap.open_inbox(chosen(server)):
            pass
    assert 9 < time.monotonic() - began < 12


FLOODED = """
import json, resource, sys
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
from config.replies import ReplyMailbox
from models.errors import Retry
from tasks.replies import imap
chosen = ReplyMailbox.model_validate(json.loads(sys.argv[1]))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    with imap.open_inbox(chosen) as box:
        for uid in box.mails(10):
            box.fetch(uid)
except Retry:
    pass
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.parametrize(
    ("stage", "what"),
    [("greeting", "flood"), ("SEARCH", "flood"), ("FETCH", "flood"), ("literal", "flood"), ("FETCH", ANNOUNCED)],
)
def test_a_flood_takes_no_memory_by_the_numbers_of_production(tls: ssl.SSLContext, stage: str, what: str | bytes):
    with HostileImap(stage, what, tls, from_start=True) as server:
        given = json.dumps({
            "host": "localhost", "port": server.port, "user": "u", "password": "secret",
            "address": "replies@surrey.police.uk",
        })  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-c", FLOODED, given],
            cwd=ROOT,
            env=os.environ,
            capture_output=True,
            timeout=60,
            check=True,
        )
    assert int(done.stdout) < 50_000, "KB"

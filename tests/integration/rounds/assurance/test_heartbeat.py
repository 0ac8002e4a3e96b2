"""The heartbeat: one request within ten seconds, to one host, and its address in no sentence."""

import pytest

from flows.configured import configured
from tasks.rounds.assurance import conclusion
from tests.support.dead_mans_switch import dead_mans_switch
from tests.support.post import certificate, free_port
from tests.support.tls_server import tls_server


@pytest.fixture
def switch():
    with dead_mans_switch() as made:
        yield made


@pytest.fixture
def send(monkeypatch):
    def sent(url):
        monkeypatch.setenv("CASEBEAT_HEARTBEAT__URL", url)
        return conclusion.send_heartbeat(configured())

    return sent


def test_a_heartbeat_is_one_request(switch, send):
    assert send(switch.url) is None
    assert switch.heard == ["/ping/secret-name"]


def test_without_an_address_there_is_none(switch, send):
    assert send("") is None
    assert switch.heard == []


@pytest.mark.parametrize("status", [301, 302, 307, 404, 500])
def test_an_answer_that_is_no_success_is_named_by_its_number_and_no_redirect_is_followed(switch, send, status):
    switch.status = status
    assert send(switch.url) == f"HTTP {status}"
    assert len(switch.heard) == 1


def test_a_server_that_is_away_and_one_that_hangs_are_named_without_the_address(switch, send, monkeypatch):
    assert send(f"http://127.0.0.1:{free_port()}/secret-name") == "ConnectionRefusedError"
    assert send("http://127.0.0.1:1/secret name") == "InvalidURL"
    monkeypatch.setattr(conclusion, "HEARTBEAT_WITHIN", 0.2)
    switch.hangs = 1.0
    assert send(switch.url) == "TimeoutError"


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path, send):
    with tls_server(*certificate(tmp_path)) as port:
        assert send(f"https://127.0.0.1:{port}/secret-name") == "SSLCertVerificationError"

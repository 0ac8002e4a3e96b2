"""The connection to Slack is used again while it is fresh and lasts for another call."""

import http.client
from contextlib import closing
from types import SimpleNamespace
from typing import Any
from urllib.request import Request

import pytest

from tasks.carriers.slack import client as module
from tasks.carriers.slack.client import LIMITS, LONGEST_ANSWER, NotConnectedError, SafeWebClient, TooLargeError
from tests.support.slack_stand_in import SlackStandIn

SECOND_CALL = 2 * LIMITS.exchange  # the most seconds that it may take


@pytest.mark.parametrize(
    ("session", "idle", "connections"),
    [
        (LIMITS.session, 0.0, 1),
        (LIMITS.session, 4.5, 1),
        (LIMITS.session, 5.0, 2),
        (SECOND_CALL + 5, 0.0, 1),
        (SECOND_CALL - 1, 0.0, 2),
    ],
)
def test_a_connection_is_used_again_within_five_seconds_if_it_lasts_for_a_whole_call(session, idle, connections):
    with SlackStandIn() as slack:
        client = SafeWebClient(slack.token, slack.base_url, LIMITS._replace(session=session))
        with closing(client):
            client.auth_test()
            client._used_at -= idle
            client.auth_test()
        assert len(slack.callers) == connections


def test_limits_are_those_of_a_call_well_below_a_claims_lease():
    assert (LIMITS.connect, LIMITS.exchange, LIMITS.session, LIMITS.reply) == (10, 20, 300, 2_000_000 + 65_536)


@pytest.mark.parametrize(
    ("base_url", "port"),
    [("https://slack.com/api/", 443), ("http://127.0.0.1/api/", 80), ("http://127.0.0.1:8080/api/", 8080)],
)
def test_slack_is_reached_at_the_port_of_its_url_or_the_ordinary_one(monkeypatch, base_url, port):
    secured, asked = [], []
    wire = SimpleNamespace(secure=secured.append, connected=lambda: None)
    monkeypatch.setattr(module, "Wire", lambda _, at, limits: asked.append((at, limits)) or wire)
    SafeWebClient("xoxb-1", base_url)._connect()
    assert asked == [(port, LIMITS)]
    assert bool(secured) is base_url.startswith("https")


class Answer:
    """An answer that declares so many bytes more than it gives."""

    def __init__(self, content: bytes, missing: int = 0) -> None:
        self.content, self.length = content, missing

    def read(self, most: int) -> bytes:
        return self.content[:most]


def test_an_answer_is_read_whole_or_not_at_all():
    longest = b"x" * LONGEST_ANSWER
    assert module._whole(Answer(longest)) == longest
    with pytest.raises(TooLargeError):
        module._whole(Answer(longest + b"x"))
    with pytest.raises(http.client.IncompleteRead):
        module._whole(Answer(b"x", 1))


class Connection:
    """A connection that gives one answer."""

    def __init__(self, status: int, body: bytes, *, closing: bool) -> None:
        self.status, self.body, self.will_close, self.closed = status, body, closing, False
        self.headers, self.length = {"X": "1"}, 0
        self.asked: tuple[object, ...] = ()

    def request(self, *given: object) -> None:
        self.asked = given

    def getresponse(self) -> "Connection":
        return self

    def read(self, _: int) -> bytes:
        return self.body

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize(
    ("status", "body", "closing", "kept"),
    [
        (200, b'{"ok":true}', False, True), (200, b'{"ok":true}', True, False), (500, b'{"ok":true}', False, False),
        (200, b'{"ok":false}', False, False),
    ],
)  # fmt: skip
def test_only_the_connection_of_a_server_that_said_yes_is_kept(monkeypatch, status, body, closing, kept):
    one: Any = Connection(status, body, closing=closing)
    client = SafeWebClient("xoxb-1", "https://slack.com/api/")
    client._kept = one
    monkeypatch.setattr(client, "_connection", lambda: one)
    asked = Request("https://slack.com/api/x?y=1", b"z", method="POST")
    answer = client._perform_urllib_http_request_internal(asked.full_url, asked)
    assert (answer["status"], answer["body"], one.closed) == (status, body.decode(), not kept)
    assert one.asked[:3] == ("POST", "/api/x?y=1", b"z")
    plain = Request("https://slack.com/api/x")
    client._perform_urllib_http_request_internal(plain.full_url, plain)
    assert one.asked[:3] == ("GET", "/api/x", None)
    for elsewhere in ("https://evil.test/api/x", "http://slack.com/api/x"):
        with pytest.raises(NotConnectedError):
            client._perform_urllib_http_request_internal(elsewhere, plain)

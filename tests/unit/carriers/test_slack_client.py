"""The connection to Slack is used again while it is fresh and lasts for another call."""

import http.client
from contextlib import closing
from types import SimpleNamespace

import pytest

from tasks.carriers.slack import client as module
from tasks.carriers.slack.client import LIMITS, LONGEST_ANSWER, SafeWebClient, TooLargeError
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
    assert module._whole(Answer(longest)) == longest  # type: ignore[arg-type]
    with pytest.raises(TooLargeError):
        module._whole(Answer(longest + b"x"))  # type: ignore[arg-type]
    with pytest.raises(http.client.IncompleteRead):
        module._whole(Answer(b"x", 1))  # type: ignore[arg-type]

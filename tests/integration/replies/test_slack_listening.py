"""The listener for Slack's buttons: when it connects, what it acknowledges, and the signs of life that it leaves."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from sqlalchemy import Engine

from config.days.london import at_london, london_day
from models.errors import Refuse
from models.queries.replies import slack_clicks as kept
from tasks.replies import slack_clicks, slack_listening
from tasks.replies.slack_clicks import STALE, ClickAnswer
from tasks.replies.slack_listening import Listener
from tests.support.slack_stand_in import SlackStandIn
from tests.worlds.days import day
from tests.worlds.slack import put_slack

AT = at_london(day("Wed 18 Mar 2026"))
ANSWER = ClickAnswer("C0X", "U0P1", "done before")


class Session:
    """A connection to Slack, as far as a listener looks at it."""

    def __init__(self, ping: float | None = None, *, active: bool = True) -> None:
        self.last_ping_pong_time, self.active = ping, active

    def is_active(self) -> bool:
        return self.active

    def close(self) -> None:
        self.active = False


class Socket:
    """Slack's half of a listener that a test steers."""

    def __init__(self, *_: object, **__: object) -> None:
        self.current_session: Session | None = None
        self.socket_mode_request_listeners: list[object] = []

    def close(self) -> None:
        """Nothing is open."""


class Time:
    """A machine's clock that a test sets."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.seconds = AT, 1_000.0
        monkeypatch.setattr(slack_listening, "time", SimpleNamespace(monotonic=lambda: self.seconds))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time(monkeypatch)


@pytest.fixture
def listener(database: Engine, clock: Time, monkeypatch: pytest.MonkeyPatch) -> Iterator[Listener]:
    monkeypatch.setattr(slack_listening, "_Socket", Socket)
    with SlackStandIn() as slack:
        yield Listener(put_slack(monkeypatch, slack), lambda: clock.now, london_day)


def sign(database: Engine) -> Any:
    with database.begin() as connection:
        return kept.last_listening(connection)


def beat(listener: Listener, ping: float | None) -> None:
    listener._socket.current_session = Session(ping)  # type: ignore[assignment]
    listener._beat()


def test_a_sign_of_life_is_left_while_slack_pings_and_once_a_minute(
    listener: Listener, clock: Time, database: Engine
) -> None:
    stale = AT.timestamp() - STALE.total_seconds()
    for ping in (None, stale - 1):
        beat(listener, ping)
        assert sign(database) is None, "nobody hears Slack"
    beat(listener, stale)
    assert sign(database) == AT
    for seconds, at in ((59.9, AT), (60, AT + timedelta(minutes=1))):
        clock.seconds, clock.now = 1_000 + seconds, AT + timedelta(minutes=1)
        beat(listener, clock.now.timestamp())
        assert sign(database) == at


def test_a_ping_counts_on_the_present_connection_alone(listener: Listener) -> None:
    for session, at in (
        (None, None), (Session(), None), (Session(5, active=False), None), (Session(5), 5.0), (Session(0), 0.0),
    ):  # fmt: skip
        listener._socket.current_session = session  # type: ignore[assignment]
        assert listener.last_ping_at == at


def test_a_slack_that_is_not_there_is_asked_every_half_minute_and_a_connection_is_kept(
    listener: Listener, clock: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def connect() -> None:
        asked.append(clock.seconds)
        raise OSError

    monkeypatch.setattr(listener._socket, "connect", connect, raising=False)
    for seconds in (0, 1_000, 1_029.9, 1_030, 1_031):
        clock.seconds = seconds
        listener._connect()
    assert asked == [0, 1_000, 1_030]
    clock.seconds, listener._socket.current_session = 9_999, Session()  # type: ignore[assignment]
    listener._connect()
    assert 9_999 not in asked


def received(listener: Listener, monkeypatch: pytest.MonkeyPatch, answer: Any, kind: str = "interactive") -> list[str]:
    """The envelopes that the listener acknowledges of one request."""
    sent: list[str] = []
    client: Any = SimpleNamespace(send_socket_mode_response=lambda response: sent.append(response.envelope_id))
    monkeypatch.setattr(slack_clicks, "read", lambda payload, _: payload)
    monkeypatch.setattr(slack_clicks, "store", lambda *_: answer)
    listener._receive(client, SocketModeRequest(kind, "one", {}))
    assert listener._woken.is_set()
    return sent


def test_a_click_that_was_done_before_is_answered_again_and_a_new_one_waits(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert received(listener, monkeypatch, None) == ["one"]
    assert listener._again == []
    assert received(listener, monkeypatch, ANSWER) == ["one"]
    assert listener._again == [ANSWER]
    said: list[ClickAnswer] = []
    monkeypatch.setattr(slack_clicks, "whisper", lambda _, answer: said.append(answer))
    monkeypatch.setattr(slack_clicks, "act", lambda *_: None)
    listener._work(SimpleNamespace())
    assert (said, listener._again) == ([ANSWER], [])


def test_what_is_no_click_is_only_acknowledged(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    assert received(listener, monkeypatch, ANSWER, "events_api") == ["one"]
    assert listener._again == []


@pytest.mark.parametrize(
    ("stand_in", "url", "good"),
    [
        (True, "wss://wss-primary.slack.com/link", True), (True, "ws://127.0.0.1:1/link", True),
        (False, "ws://127.0.0.1:1/link", False), (False, "wss://wss-primary.slack.com/link", True),
        (True, "ws://wss-primary.slack.com/link", False), (True, "wss://127.0.0.1:1/link", False),
        (True, "wss:", False),
    ],
)  # fmt: skip
def test_only_a_host_of_slack_is_listened_to_or_a_stand_in_that_the_settings_name(
    monkeypatch: pytest.MonkeyPatch, stand_in: bool, url: str, good: bool
) -> None:
    monkeypatch.setattr(SocketModeClient, "issue_new_wss_url", lambda _: url)
    made = slack_listening._Socket.__new__(slack_listening._Socket)
    made._stand_in = stand_in
    if good:
        assert made.issue_new_wss_url() == url
    else:
        with pytest.raises(ValueError, match="not one of Slack's hosts"):
            made.issue_new_wss_url()


def test_it_works_and_leaves_its_signs_until_it_is_stopped(
    listener: Listener, database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, steps = threading.Event(), list[str]()
    for name in ("_connect", "_work", "_beat"):
        monkeypatch.setattr(listener, name, lambda *_, name=name: steps.append(name))
    monkeypatch.setattr(slack_listening, "_IDLE_SECONDS", 0.0)

    def beat() -> None:
        steps.append("_beat")
        if len(steps) >= 6:
            stop.set()

    monkeypatch.setattr(listener, "_beat", beat)
    with database.begin() as connection:
        kept.record_listening(connection, AT)
    listener.run(stop)
    assert steps == ["_connect", "_work", "_beat"] * 2
    assert sign(database) is None, "who stops says so"
    listener.run(stop)
    assert len(steps) == 6


def test_without_both_tokens_nobody_listens(database: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with SlackStandIn() as slack, pytest.raises(Refuse, match="Slack's buttons are not set up"):
        Listener(put_slack(monkeypatch, slack, APP_TOKEN=""), lambda: AT, london_day)

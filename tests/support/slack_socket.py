"""Socket Mode for the stand-in: a websocket server that sends hello and clicks, counts acks, and hangs up."""

import json
import threading
import time
from contextlib import suppress
from typing import Any, Self
from uuid import uuid4

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from tests.support.slack_stand_in import BOT, SlackStandIn


class SlackSocket:
    """The socket half of a stand-in. `acks` holds the acknowledged envelopes, and how long each took."""

    def __init__(self, slack: SlackStandIn) -> None:
        self.slack = slack
        self.connections: list[ServerConnection] = []
        self.greetings = 0
        self.acks: dict[str, float] = {}
        self._sent: dict[str, float] = {}
        self._server: Server | None = None

    def __enter__(self) -> Self:
        self._server = serve(self._serve, "127.0.0.1", 0)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        port = self._server.socket.getsockname()[1]
        self.slack.socket_url = f"ws://127.0.0.1:{port}/link/?ticket=1"
        return self

    def __exit__(self, *raised: object) -> None:
        self.slack.socket_url = ""
        self.drop()
        if self._server is not None:
            self._server.shutdown()

    def _serve(self, connection: ServerConnection) -> None:
        self.connections.append(connection)
        self.greetings += 1
        hello = {
            "type": "hello",
            "num_connections": len(self.connections),
            "connection_info": {"app_id": BOT["app_id"]},
        }
        try:
            connection.send(json.dumps(hello))
            for heard in connection:
                envelope = json.loads(heard).get("envelope_id")
                if envelope in self._sent:
                    self.acks.setdefault(envelope, time.monotonic() - self._sent[envelope])
        except ConnectionClosed:
            pass
        finally:
            self.connections.remove(connection)

    def connected(self, seconds: float = 5.0) -> None:
        """Wait until a listener connects."""
        self._until(lambda: bool(self.connections), seconds, "nobody listens")

    def click(self, payload: dict[str, Any], *, envelope_id: str | None = None, wait: float = 3.0) -> bool:
        """Send a click to one listener, as Slack does; return whether it was acknowledged within Slack's time limit."""
        envelope = envelope_id or uuid4().hex
        self._sent[envelope] = time.monotonic()
        said = {"envelope_id": envelope, "type": "interactive", "accepts_response_payload": True, "payload": payload}
        self.connections[-1].send(json.dumps(said))
        with suppress(AssertionError):
            self._until(lambda: envelope in self.acks, wait, "no ack")
        return envelope in self.acks

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tell a listener to connect again, as Slack does every few hours."""
        self.connections[-1].send(json.dumps({"type": "disconnect", "reason": reason, "debug_info": {}}))

    def drop(self) -> None:
        """Close all connections."""
        for each in list(self.connections):
            each.close()

    @staticmethod
    def _until(holds: Any, seconds: float, otherwise: str) -> None:
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                raise AssertionError(otherwise)
            time.sleep(0.01)


def block_actions(
    post: dict[str, Any],
    user_id: str,
    block_id: str,
    action_id: str,
    *,
    channel_id: str,
    selected_date: str | None = None,
    **changed: Any,
) -> dict[str, Any]:
    """Slack's payload for a click on a message of the stand-in; `changed` forges any part of it."""
    action: dict[str, Any] = {"block_id": block_id, "action_id": action_id, "action_ts": "1.000001", "type": "button"}
    if selected_date is not None:
        action |= {"type": "datepicker", "selected_date": selected_date}
    return {
        "type": "block_actions",
        "api_app_id": BOT["app_id"],
        "team": {"id": BOT["team"], "domain": "stand-in"},
        "user": {"id": user_id, "username": "someone", "name": "someone", "team_id": BOT["team"]},
        "container": {"type": "message", "message_ts": post["ts"], "channel_id": channel_id, "is_ephemeral": False},
        "channel": {"id": channel_id, "name": "directmessage"},
        "message": {"ts": post["ts"], "bot_id": BOT["bot_id"], "app_id": BOT["app_id"]},
        "trigger_id": "1.2.3",
        "response_url": "https://hooks.slack.com/actions/never-asked",
        "actions": [action],
        **changed,
    }

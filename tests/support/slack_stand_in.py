"""A stand-in for Slack on loopback: it keeps state, refuses what Slack refuses, has Slack's traps, and fails by plan.

It follows the documentation of the methods that it answers, and observations of them. It is a reference for tests
only: it imports none of our code.
"""

import contextlib
import json
import re
import socket
import struct
import threading
import time
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from tests.support import slack_rules
from tests.support.slack_rules import Refused

BOT = {"user": "U0CASEBEAT", "bot_id": "B0CASEBEAT", "app_id": "A0CASEBEAT", "team": "T0FORCE"}
READS = {"conversations.history", "conversations.replies", "conversations.open", "apps.connections.open"}  # form only
BREAKS = ("http500", "http502", "http503", "hang", "drip", "fin", "rst", "partial", "garbage", "html", "empty")


@dataclass(frozen=True)
class Fault:
    """One failure: `how` is one of BREAKS, 429, huge, redirect:URL, ok:CODE, or none; `when` is before or after."""

    how: str
    when: str = "before"
    method: str = ""  # empty: any
    wait: str = "30"


@dataclass
class Conversation:
    """A channel or a direct message, its messages in order."""

    id: str
    name: str = ""
    member: bool = True
    archived: bool = False
    with_user: str | None = None
    messages: list[dict[str, Any]] = field(default_factory=list)


class SlackStandIn:
    """A running stand-in: `base_url` is the address for a client, `conversations` the resulting messages."""

    def __init__(self, *, page: int = 200, visible_after: float = 0.0, clock: Callable[[], float] = time.time) -> None:
        self.token, self.app_token = "xoxb-stand-in", "xapp-stand-in"
        self.page, self.visible_after, self.clock = page, visible_after, clock
        self.users: dict[str, bool] = {}  # whether each is active
        self.conversations: dict[str, Conversation] = {}
        self.ephemeral: list[dict[str, Any]] = []
        self.plan: list[Fault] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.seen_tokens: list[str] = []
        self.callers: set[tuple[str, int]] = set()  # one for each connection
        self.declared_events: set[str] = set()  # in the app's manifest: their metadata is always shown
        self.socket_url = ""
        self.scopes = ""  # of the token, as Slack lists them in a header
        self._lock, self._closing, self._last = threading.RLock(), threading.Event(), 0.0

    def __enter__(self) -> Self:
        stand_in = self

        class Door(_Door):
            slack: SlackStandIn = stand_in

        self._server = _Server(("127.0.0.1", 0), Door)
        self.port = self._server.server_address[1]
        self.base_url = f"http://127.0.0.1:{self.port}/api/"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()

    def user(self, user_id: str, *, active: bool = True) -> str:
        self.users[user_id] = active
        return user_id

    def channel(self, channel_id: str, name: str = "", **given: Any) -> str:
        self.conversations[channel_id] = Conversation(channel_id, name or channel_id.lower(), **given)
        return channel_id

    def posts(self, channel_id: str | None = None) -> list[dict[str, Any]]:
        """Every message of a conversation, or of all, threads included, oldest first."""
        with self._lock:
            kept = [one for one in self.conversations.values() if channel_id in {None, one.id}]
            return sorted((message for one in kept for message in one.messages), key=lambda each: float(each["ts"]))

    def direct(self, user_id: str) -> list[dict[str, Any]]:
        """The messages sent to a person."""
        return [m for one in self.conversations.values() if one.with_user == user_id for m in one.messages]

    def asked(self, method: str) -> list[dict[str, Any]]:
        return [arguments for name, arguments in self.calls if name == method]

    def fault_for(self, method: str, when: str) -> Fault | None:
        """Take the next fault of the plan, if it is for this call."""
        with self._lock:
            for at, fault in enumerate(self.plan):
                if fault.method in {"", method}:
                    return self.plan.pop(at) if fault.when == when else None
        return None

    def answer(self, method: str, arguments: dict[str, Any], token: str) -> dict[str, Any]:
        """Answer one call as Slack does; its effect has happened when this returns."""
        with self._lock:
            self.calls.append((method, arguments))
            try:
                self._admit(method, arguments, token)
                found = getattr(self, "_" + method.replace(".", "_"), self._unknown)
                return {"ok": True, **found(arguments)}
            except Refused as refused:
                return {"ok": False, "error": str(refused)}

    def _admit(self, method: str, arguments: dict[str, Any], token: str) -> None:
        token = token or str(arguments.get("token", ""))
        if not token:
            raise Refused("not_authed")
        if token != (self.app_token if method == "apps.connections.open" else self.token):
            raise Refused("invalid_auth")

    def _conversation(self, arguments: dict[str, Any]) -> Conversation:
        one = self.conversations.get(str(arguments.get("channel")))
        if one is None:
            raise Refused("channel_not_found")
        return one

    def _unknown(self, _: dict[str, Any]) -> dict[str, Any]:
        raise Refused("unknown_method")

    def _auth_test(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"user_id": BOT["user"], "bot_id": BOT["bot_id"], "team_id": BOT["team"], "url": "https://stand-in/"}

    def _apps_connections_open(self, _: dict[str, Any]) -> dict[str, Any]:
        if not self.socket_url:
            raise Refused("internal_error")
        return {"url": self.socket_url}

    def _conversations_open(self, arguments: dict[str, Any]) -> dict[str, Any]:
        user = str(arguments.get("users", ""))
        if user not in self.users:
            raise Refused("user_not_found")
        if not self.users[user]:
            raise Refused("user_disabled")
        found = next((one for one in self.conversations.values() if one.with_user == user), None)
        if found is None:
            found = Conversation(f"D{user[1:]}", with_user=user)
            self.conversations[found.id] = found
        return {"channel": {"id": found.id}}

    def _writable(self, arguments: dict[str, Any]) -> Conversation:
        one = self._conversation(arguments)
        if not one.member:
            raise Refused("not_in_channel")
        if one.archived:
            raise Refused("is_archived")
        return one

    def _chat_postMessage(self, arguments: dict[str, Any]) -> dict[str, Any]:  # noqa: N802  the method's name
        one = self._writable(arguments)
        slack_rules.check_message(arguments)
        parent = arguments.get("thread_ts")
        if parent is not None and not any(m["ts"] == parent and "thread_ts" not in m for m in one.messages):
            raise Refused("cannot_reply_to_message")
        message = {
            "type": "message", **BOT, "ts": self._ts(), "text": arguments.get("text", ""),
            "blocks": arguments.get("blocks") or [],
        }  # fmt: skip
        if parent is not None:
            message["thread_ts"] = parent
        if arguments.get("metadata"):
            message["metadata"] = arguments["metadata"]
        one.messages.append(message)
        return {"channel": one.id, "ts": message["ts"], "message": message}

    def _chat_update(self, arguments: dict[str, Any]) -> dict[str, Any]:
        one = self._writable(arguments)
        slack_rules.check_message(arguments)
        found = next((m for m in one.messages if m["ts"] == arguments.get("ts")), None)
        if found is None:
            raise Refused("message_not_found")
        if found["bot_id"] != BOT["bot_id"]:
            raise Refused("cant_update_message")
        changed = {name: arguments[name] for name in ("text", "blocks", "metadata") if name in arguments}
        found.update(changed, edited={"user": BOT["user"], "ts": self._ts()})
        return {"channel": one.id, "ts": found["ts"], "text": found["text"]}

    def _chat_postEphemeral(self, arguments: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        one = self._writable(arguments)
        slack_rules.check_message(arguments)
        if arguments.get("user") not in self.users:
            raise Refused("user_not_in_channel")
        self.ephemeral.append({**arguments, "channel": one.id})
        return {"message_ts": self._ts()}

    def _conversations_history(self, arguments: dict[str, Any]) -> dict[str, Any]:
        one = self._readable(arguments)
        found = [message for message in one.messages if message.get("thread_ts") in {None, message["ts"]}]
        newest_first = sorted(found, key=lambda each: float(each["ts"]), reverse=True)
        return self._page(newest_first, arguments)

    def _conversations_replies(self, arguments: dict[str, Any]) -> dict[str, Any]:
        one, parent = self._readable(arguments), arguments.get("ts")
        if not any(message["ts"] == parent for message in one.messages):
            raise Refused("thread_not_found")
        found = [message for message in one.messages if parent in {message["ts"], message.get("thread_ts")}]
        return self._page(sorted(found, key=lambda each: float(each["ts"])), arguments)

    def _readable(self, arguments: dict[str, Any]) -> Conversation:
        one = self._conversation(arguments)
        if not one.member:
            raise Refused("not_in_channel")
        return one

    def _page(self, found: list[dict[str, Any]], arguments: dict[str, Any]) -> dict[str, Any]:
        oldest = slack_rules.moment(arguments.get("oldest", "0"), "invalid_ts_oldest")
        inclusive = str(arguments.get("inclusive", "")).lower() in {"1", "true"}
        settled = self.clock() - self.visible_after
        shown = [
            m for m in found
            if (float(m["ts"]) > oldest or (inclusive and float(m["ts"]) == oldest)) and float(m["ts"]) <= settled
        ]  # fmt: skip
        if not re.fullmatch(r"[0-9]*", str(arguments.get("cursor", ""))):
            raise Refused("invalid_cursor")
        start = int(arguments.get("cursor") or 0)
        most = min(int(arguments.get("limit") or 100), self.page)
        with_metadata = str(arguments.get("include_all_metadata", "")).lower() in {"1", "true"}
        page = [self._as_read(m, with_metadata=with_metadata) for m in shown[start : start + most]]
        more = start + most < len(shown)
        cursor = {"next_cursor": str(start + most) if more else ""}
        return {"messages": page, "has_more": more, "response_metadata": cursor}

    def _as_read(self, message: dict[str, Any], *, with_metadata: bool) -> dict[str, Any]:
        """A message as Slack shows it: an event's payload is left out where it is neither declared nor requested."""
        kept = json.loads(json.dumps(message))
        metadata = kept.get("metadata")
        if metadata and not with_metadata and metadata["event_type"] not in self.declared_events:
            kept["metadata"] = {"event_type": metadata["event_type"]}
        return kept

    def _ts(self) -> str:
        self._last = max(self.clock(), self._last + 0.000001)
        return f"{self._last:.6f}"

    def wait_closing(self, seconds: float) -> None:
        """Hang this long, or until the stand-in ends."""
        self._closing.wait(seconds)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore a caller that hung up."""


class _Door(BaseHTTPRequestHandler):
    slack: SlackStandIn
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Log nothing: a test reads the state."""

    def do_GET(self) -> None:
        self.do_POST()

    def do_POST(self) -> None:
        method = urllib.parse.urlsplit(self.path).path.rpartition("/")[2]
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        self.slack.seen_tokens.append(token)
        self.slack.callers.add(self.client_address)
        arguments = self._arguments(method, raw)
        before = self.slack.fault_for(method, "before")
        if before and before.how != "none":
            self._fail(before, {"ok": True, "channel": "C0NEVER", "ts": "1.000000"})
            return
        answer = self.slack.answer(method, arguments, token)
        after = self.slack.fault_for(method, "after")
        if after and after.how != "none":
            self._fail(after, answer)
        else:
            scopes = {"X_OAuth_Scopes": self.slack.scopes} if self.slack.scopes else {}
            self._say(200, json.dumps(answer, separators=(",", ":")).encode(), **scopes)

    def _arguments(self, method: str, raw: bytes) -> dict[str, Any]:
        """The arguments of a call. As in Slack, reading methods take a form and ignore arguments sent as JSON."""
        if "json" in (self.headers.get("Content-Type") or ""):
            return {} if method in READS else dict(json.loads(raw or b"{}"))
        query = urllib.parse.urlsplit(self.path).query
        given = dict(urllib.parse.parse_qsl(query) + urllib.parse.parse_qsl(raw.decode()))
        loaded = {n: json.loads(given[n]) for n in ("blocks", "metadata") if n in given}
        return {**given, **loaded}

    def _say(self, status: int, body: bytes, **headers: str) -> None:
        kind = headers.pop("Content_Type", "application/json; charset=utf-8")
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def _fail(self, fault: Fault, answer: dict[str, Any]) -> None:  # noqa: C901, PLR0912  one line for each way to fail
        how, _, what = fault.how.partition(":")
        whole = json.dumps(answer).encode()
        self.close_connection = True
        if how.startswith("http"):
            self._say(int(how[4:]), b"<html>It broke</html>", Content_Type="text/html")
        elif how == "429":
            self._say(429, b'{"ok":false,"error":"ratelimited"}', Retry_After=fault.wait)
        elif how == "ok":
            self._say(200, json.dumps({"ok": False, "error": what}).encode())
        elif how == "redirect":
            self._say(302, b"", Location=what)
        elif how == "garbage":
            self._say(200, b"\x00\xff not json {", Content_Type="application/octet-stream")
        elif how == "html":
            self._say(200, b"<html>Sign in to the proxy</html>", Content_Type="text/html")
        elif how == "empty":
            self._say(200, b"")
        elif how == "huge":
            self._say(200, b'{"ok":true,"x":"' + b"x" * 3_000_000 + b'"}')
        elif how == "partial":
            self._head(len(whole))
            self.wfile.write(whole[: len(whole) // 2])
        elif how == "drip":
            self._drip(whole)
        elif how == "hang":
            self.slack.wait_closing(30)
        elif how == "rst":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            socket.close(self.connection.detach())  # at once, whatever still holds the file: a reset, no FIN
        elif how != "fin":
            raise AssertionError(how)

    def _head(self, length: int) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def _drip(self, whole: bytes) -> None:
        self._head(len(whole))
        with contextlib.suppress(OSError):
            for at in range(len(whole)):
                self.wfile.write(whole[at : at + 1])
                self.wfile.flush()
                self.slack.wait_closing(0.1)

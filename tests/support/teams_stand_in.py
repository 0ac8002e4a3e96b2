"""A stand-in for a Workflows flow over TLS: it keeps the cards that it posts, and fails before or after the effect."""

import contextlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from tests.support.tls_server import https_server

LARGEST = 28 * 1024  # bytes of a card that Teams takes


class Fault(StrEnum):
    """What goes wrong with the next request."""

    LOST = "lost"  # cut before the card is posted
    LATE = "late"  # cut after it
    HANG = "hang"  # after it
    BROKEN = "broken"  # 502 after it
    BUSY = "busy"  # 429
    MOVED = "moved"  # 302


@dataclass
class TeamsStandIn:
    """The flows of one environment: by the last part of their path, with the cards of each."""

    port: int = 0
    cards: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)  # flows that were deleted, or whose owner was
    secret: str = "right-signature"

    def url(self, flow: str, secret: str = "") -> str:
        return f"https://localhost:{self.port}/workflows/{flow}?api-version=1&sig={secret or self.secret}"

    def texts(self, flow: str) -> list[list[str]]:
        """The lines of each card."""
        return [[line_of(block) for block in card["body"]] for card in self.cards.get(flow, [])]


def line_of(block: dict[str, Any]) -> str:
    return "".join(run["text"] for run in block["inlines"])


def shown(message: dict[str, Any]) -> dict[str, Any]:
    """The card of a request, if it is one that Teams shows: text that no Markdown is read in, and nothing else."""
    (attachment,) = message["attachments"]
    card: dict[str, Any] = attachment["content"]
    assert (message["type"], card["type"]) == ("message", "AdaptiveCard")
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    for block in card["body"]:
        assert block["type"] == "RichTextBlock"
        assert all(run["type"] == "TextRun" and run["text"] for run in block["inlines"])
    return card


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    at: TeamsStandIn

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        path, _, query = self.path.partition("?")
        flow, body = path.rpartition("/")[2], self.rfile.read(int(self.headers["Content-Length"]))
        fault = self.at.faults.pop(0) if self.at.faults else None
        if flow in self.at.gone:
            self._say(404, "WorkflowNotFound SECRETIVE")
        elif f"sig={self.at.secret}" not in query:
            self._say(401, "DirectApiAuthorizationRequired SECRETIVE")
        elif len(body) > LARGEST:
            self._say(413, "RequestEntityTooLarge")
        elif fault is Fault.BUSY:
            self._say(429, "", {"Retry-After": "120"})
        elif fault is Fault.MOVED:
            self._say(302, "", {"Location": self.at.url("elsewhere")})
        elif fault is not Fault.LOST:
            self._post(flow, body, fault)
        self.close_connection = True

    def _post(self, flow: str, body: bytes, fault: Fault | None) -> None:
        try:
            card = shown(json.loads(body))
        except (ValueError, KeyError, AssertionError):
            self._say(400, "TriggerInputSchemaMismatch")
            return
        self.at.cards.setdefault(flow, []).append(card)
        if fault is Fault.HANG:
            time.sleep(3)
        elif fault is Fault.BROKEN:
            self._say(502, "NoResponse")
        elif fault is None:
            self._say(202, "")

    def _say(self, status: int, words: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": str(len(words))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(words.encode())


@contextlib.contextmanager
def teams_stand_in(key: Path, certificate: Path) -> Iterator[TeamsStandIn]:
    """Serve inside the block, by this TLS key and certificate."""
    made = TeamsStandIn()
    with https_server(key, certificate, _Handler, made) as made.port:
        yield made

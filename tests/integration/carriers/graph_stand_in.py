"""A stand-in for Microsoft Graph over TLS: it keeps the letters that it sends, and fails before or after the effect."""

import base64
import contextlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import jwt

from tests.support.tls_server import https_server
from tests.support.token_endpoint import TokenEndpoint

# What Graph writes when it refuses, by status and code.
REFUSALS = {
    "busy": (429, "ApplicationThrottled"),
    "no permission": (403, "ErrorAccessDenied"),
    "another sender": (403, "ErrorSendAsDenied"),
    "blocked": (400, "ErrorMessageSubmissionBlocked"),
    "no mailbox": (404, "ErrorInvalidUser"),
    "not online": (404, "MailboxNotEnabledForRESTAPI"),
    "full": (507, "ErrorQuotaExceeded"),
    "malformed": (400, "ErrorMimeContentInvalid"),
    "away": (503, "ServiceUnavailable"),
}


@dataclass
class GraphStandIn:
    """One tenant's mailbox: the letters that left it, and what goes wrong with the next requests."""

    provider: TokenEndpoint
    mailbox: str
    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)  # of REFUSALS; "lost" before the effect, "late" and "hang" after it

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}"

    def believes(self, header: str) -> bool:
        with contextlib.suppress(jwt.InvalidTokenError):
            claims: Any = jwt.decode(header.removeprefix("Bearer "), self.provider.public, ["RS256"])
            return bool(claims["sub"] == self.mailbox)
        return False


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    at: GraphStandIn

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        self.close_connection = True
        body = self.rfile.read(int(self.headers["Content-Length"]))
        fault = self.at.faults.pop(0) if self.at.faults else ""
        if not self.at.believes(self.headers["Authorization"]):
            self._say(401, "InvalidAuthenticationToken")
        elif fault in REFUSALS:
            self._say(*REFUSALS[fault])
        elif self.path != f"/v1.0/users/{self.at.mailbox.replace('@', '%40')}/sendMail":
            self._say(404, "ErrorInvalidUser")
        elif fault != "lost":
            self._send(body, fault)

    def _send(self, body: bytes, fault: str) -> None:
        assert self.headers["Content-Type"] == "text/plain"
        letter = message_from_bytes(base64.b64decode(body, validate=True), policy=policy.default)
        self.at.letters.append(letter)
        if fault == "hang":
            time.sleep(2)
        elif fault != "late":
            self._say(202, "")

    def _say(self, status: int, code: str) -> None:
        told = json.dumps({"error": {"code": code, "message": "SECRETIVE"}}).encode() if code else b""
        self.send_response(status)
        fields = {"request-id": "r-1", "Content-Length": str(len(told))} | (
            {"Retry-After": "90"} if status == 429 else {}
        )
        for name, value in fields.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(told)


@contextlib.contextmanager
def graph_stand_in(key: Path, certificate: Path, provider: TokenEndpoint, mailbox: str) -> Iterator[GraphStandIn]:
    """Serve inside the block, by this TLS key and certificate."""
    made = GraphStandIn(provider, mailbox)
    with https_server(key, certificate, _Handler, made) as made.port:
        yield made

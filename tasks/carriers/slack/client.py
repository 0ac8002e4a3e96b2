"""Reach Slack by slack_sdk's client over a connection that follows no redirect and ends in time."""

import http
import http.client
import logging
import select
import ssl
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, urlsplit
from urllib.request import Request

from slack_sdk import WebClient

from config.slack import BASE_URL
from tasks.network.proxy import ProxyError
from tasks.network.wire import Limits, Wire

LONGEST_ANSWER = 2_000_000  # bytes
LIMITS = Limits(reply=LONGEST_ANSWER + 64 * 1024)  # with its headers; a call takes well below a claim's lease
_CALL_SECONDS = 2 * LIMITS.exchange  # headers and body are written one after the other
_KEPT_SECONDS = 5.0  # how long a connection may have been idle and still be used
_SILENT = logging.getLogger("casebeat.slack.mute")  # slack_sdk's errors quote answers, and its debugging everything
_SILENT.disabled = True
_SILENT.setLevel(logging.CRITICAL)


class NotConnectedError(Exception):
    """Slack was not reached, so that no request was made."""


class TooLargeError(Exception):
    """The answer is longer than any that Slack gives."""


class SafeWebClient(WebClient):
    """`WebClient` without retries, redirects, proxies from the environment, or lines in the logs.

    slack_sdk itself repeats a POST, token included, to wherever a 302 points, and sends a request that was cut twice.
    """

    def __init__(self, token: str, base_url: str = BASE_URL, limits: Limits = LIMITS, proxy: str = "") -> None:
        """Use no proxy but the one that is named."""
        super().__init__(token=token, base_url=base_url, retry_handlers=[], logger=_SILENT)
        self._limits, self._by = limits, proxy
        self._to = urlsplit(base_url)
        self._kept: http.client.HTTPConnection | None = None
        self._used_at = 0.0

    def close(self) -> None:
        """Close the connection."""
        if self._kept is not None:
            self._kept.close()
        self._kept = None

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        """Make one request; its answer, whatever the status. This overrides a private method, which a test watches."""
        asked = urlsplit(url)
        if (asked.scheme, asked.netloc) != (self._to.scheme, self._to.netloc):
            raise NotConnectedError("another host than Slack's")
        connection = self._connection()
        try:
            body = req.data if isinstance(req.data, bytes) else None
            connection.request(req.get_method(), _target(asked), body, {**_headers(req), "Connection": "keep-alive"})
            answer = connection.getresponse()
            read = _whole(answer)
        except BaseException:
            self.close()
            raise
        self._used_at = time.monotonic()
        if answer.will_close or answer.status != http.HTTPStatus.OK or not read.startswith(b'{"ok":true'):
            self.close()  # a server that refuses or ends may hang up without notice
        return {"status": answer.status, "headers": answer.headers, "body": read.decode("utf-8", "replace")}

    def _connection(self) -> http.client.HTTPConnection:
        """The kept connection while it is fresh and has nothing to read; else a new one. Raises NotConnectedError."""
        kept = self._kept
        idle = time.monotonic() - self._used_at
        if kept and isinstance(kept.sock, Wire) and kept.sock.lasts(_CALL_SECONDS) and idle < _KEPT_SECONDS:
            readable, _, _ = select.select([kept.sock], [], [], 0)
            if not readable:  # no request is open, so that anything to read is the end of the connection
                return kept
        self.close()
        try:
            self._kept = self._connect()
        except ProxyError as refused:
            raise NotConnectedError(str(refused)) from None
        except (OSError, UnicodeError) as error:
            raise NotConnectedError(type(error).__name__) from None
        return self._kept

    def _connect(self) -> http.client.HTTPConnection:
        host, port = str(self._to.hostname), self._to.port
        wire = Wire(host, port or 443, self._limits, self._by)
        if self._to.scheme == "https":
            wire.secure(ssl.create_default_context())
        wire.connected()
        connection = http.client.HTTPConnection(host, port)
        connection.sock = wire
        return connection


def _whole(answer: http.client.HTTPResponse) -> bytes:
    read = answer.read(LONGEST_ANSWER + 1)
    if len(read) > LONGEST_ANSWER:
        raise TooLargeError
    if answer.length:  # http.client accepts less than the declared length
        raise http.client.IncompleteRead(b"", answer.length)
    return read


def _target(asked: SplitResult) -> str:
    return f"{asked.path}?{asked.query}" if asked.query else asked.path


def _headers(req: Request) -> Mapping[str, str]:
    return dict(req.header_items())

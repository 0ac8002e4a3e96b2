"""Make one HTTPS request: it follows no redirect, trusts what this machine trusts, and ends in time."""

import http.client
import ssl
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from tasks.network.proxy import ProxyError
from tasks.network.wire import Limits, TooLongError, Wire

LONGEST_ANSWER = 256 * 1024  # bytes
LIMITS = Limits(session=20.0, reply=LONGEST_ANSWER + 64 * 1024)  # with its headers


class NotReachedError(OSError):
    """The host was not reached, so that no request was made. `why` names the fault's class."""

    def __init__(self, why: str, *, untrusted: bool = False) -> None:
        """Keep whether the host's certificate was the reason."""
        super().__init__(why)
        self.why, self.untrusted = why, untrusted


class NoAnswerError(OSError):
    """The request was made, and no whole answer came: nobody knows what became of it."""


class HttpAnswer(NamedTuple):
    """One answer, whatever its status; names of headers are lower case."""

    status: int
    headers: Mapping[str, str]
    text: str


def request(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes | None = None,
    limits: Limits = LIMITS,
    proxy: str = "",
) -> HttpAnswer:
    """Make a request, once. Raises NotReachedError before it was written, NoAnswerError after that.

    No proxy is used but the one that is named: the environment's are not asked.
    """
    asked = urlsplit(url)
    if asked.scheme != "https" or not asked.hostname:
        raise NotReachedError("no https address")
    connection = http.client.HTTPConnection(asked.hostname, asked.port or 443)
    try:
        connection.sock = _connected(asked.hostname, asked.port or 443, limits, proxy)
        target = (asked.path or "/") + (f"?{asked.query}" if asked.query else "")
        connection.request(method, target, body, {**headers, "Connection": "close"})
        answer = connection.getresponse()
        read = _whole(answer)
    except NotReachedError:
        raise
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NoAnswerError(type(error).__name__) from None
    finally:
        connection.close()
    fields = {name.lower(): value for name, value in answer.getheaders()}
    return HttpAnswer(answer.status, fields, read.decode("utf-8", "replace"))


def reach(url: str, limits: Limits = LIMITS, proxy: str = "") -> None:
    """Connect to a host over trusted TLS, and ask nothing of it. Raises NotReachedError."""
    asked = urlsplit(url)
    _connected(str(asked.hostname), asked.port or 443, limits, proxy).close()


def _whole(answer: http.client.HTTPResponse) -> bytes:
    read = answer.read(LONGEST_ANSWER + 1)
    if len(read) > LONGEST_ANSWER:
        raise TooLongError
    if answer.length:  # http.client accepts less than the declared length
        raise http.client.IncompleteRead(b"", answer.length)
    return read


def _connected(host: str, port: int, limits: Limits, proxy: str) -> Wire:
    try:
        wire = Wire(host, port, limits, proxy)
        wire.secure(ssl.create_default_context())
    except ssl.SSLCertVerificationError as error:
        raise NotReachedError(type(error).__name__, untrusted=True) from None
    except ProxyError as refused:
        raise NotReachedError(str(refused)) from None
    except (OSError, UnicodeError) as error:
        raise NotReachedError(type(error).__name__) from None
    wire.connected()
    return wire

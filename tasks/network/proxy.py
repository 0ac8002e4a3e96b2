"""Have an outgoing proxy open a way to a host, by CONNECT: TLS goes through it, and ends at the host."""

import http
import socket
from collections.abc import Callable
from urllib.parse import urlsplit

_LONGEST = 8 * 1024  # bytes of the proxy's answer


class ProxyError(OSError):
    """The proxy opens no way. The sentence repeats nothing of its answer but the status."""


def place(proxy: str) -> tuple[str, int]:
    """Return where a proxy listens."""
    asked = urlsplit(proxy)
    return str(asked.hostname), int(asked.port or 0)


def open_way(by: socket.socket, host: str, port: int, limit: Callable[[], None]) -> None:
    """Ask a proxy that is connected for a way to a host, and read its answer to the last byte. Raises OSError.

    `limit` is called before each byte, since a proxy may drip them.
    """
    by.sendall(f"CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode("ascii"))
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        limit()
        read = by.recv(1)  # what follows belongs to the host
        if not read or len(answer) > _LONGEST:
            raise ProxyError("the proxy gives no whole answer")
        answer += read
    status = answer.split(b" ", 2)[1:2]
    if status != [b"200"]:
        code = status[0].decode("ascii", "replace") if status and status[0].isdigit() else "no status"
        asks = ", a sign-in" if code == str(http.HTTPStatus.PROXY_AUTHENTICATION_REQUIRED.value) else ""
        raise ProxyError(f"the proxy opens no way to it: {code[:9]}{asks}")

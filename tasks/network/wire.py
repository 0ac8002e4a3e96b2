"""A connection to another host that ends in time and reads no more than it should: for mail, replies and Slack.

A timeout for each read misses a server that drips bytes, and counts none of those that a server floods. Whoever is on
the way may do both before there is TLS.
"""

import io
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from tasks.network.proxy import open_way, place


class Limits(NamedTuple):
    """Limits on one connection, by the wall clock and in bytes."""

    connect: float = 10.0  # seconds until `connected`: address, TLS, greeting, sign-in
    exchange: float = 20.0  # seconds for one request and its whole reply
    session: float = 300.0  # seconds from the first packet to the last
    reply: int = 64 * 1024  # bytes of one reply


class TooLongError(OSError):
    """A reply is longer than any that is read."""


class Wire:
    """A TCP connection within limits, in the place of a socket. After any error it is closed."""

    def __init__(self, host: str, port: int, limits: Limits, proxy: str = "") -> None:
        """Connect, by a proxy if one is named. Raises OSError, as every method here does once a limit is reached."""
        self._host, self._limits = host, limits
        began = time.monotonic()
        self._end, self._until = began + limits.session, began + limits.connect
        self._connecting = True
        self._most = self._unread = limits.reply
        self._allowed = (limits.exchange, limits.reply)
        self._socket = self._connected(*(place(proxy) if proxy else (host, port)))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if proxy:
            self._go_by(port)

    def secure(self, context: ssl.SSLContext) -> None:
        """Put TLS under everything that follows, with the certificate checked against the host's name."""
        with self._limited():
            self._socket = context.wrap_socket(self._socket, server_hostname=self._host)

    def connected(self) -> None:
        """End the time for connecting: from now on each exchange has its own."""
        self._connecting = False

    def allow(self, *, seconds: float | None = None, size: int | None = None) -> None:
        """Give the next exchange other limits than the ordinary ones."""
        ordinary = self._limits
        self._allowed = (
            ordinary.exchange if seconds is None else seconds,
            ordinary.reply if size is None else size,
        )

    def lasts(self, seconds: float) -> bool:
        """Return whether the session has so many seconds left."""
        return time.monotonic() + seconds < self._end

    def check_announced(self, size: int) -> None:
        """Refuse a part of this reply by its announced size, before memory is reserved for it."""
        if size > self._most:
            raise TooLongError("a part of the reply is longer than any that is read")

    def sendall(self, data: bytes) -> None:
        """Write a request, which begins an exchange."""
        seconds, self._most = self._allowed
        self._unread = self._most
        self.allow()
        if not self._connecting:
            self._until = time.monotonic() + seconds
        with self._limited():
            self._socket.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        """Return a file of what the other side writes; the connection is open until this and itself are closed."""
        del mode
        return io.BufferedReader(_Reading(self, self._socket))

    def read_into(self, raw: io.RawIOBase, buffer: memoryview) -> int:
        """Read what has arrived of the reply, at most as much as it may still have."""
        with self._limited():
            if not self._unread:
                raise TooLongError("the reply is longer than any that is read")
            read = raw.readinto(buffer[: self._unread]) or 0
        self._unread -= read
        return read

    def fileno(self) -> int:
        """Return the descriptor, to be waited for."""
        return self._socket.fileno()

    def shutdown(self, how: int) -> None:
        """End the connection in one direction or both."""
        self._socket.shutdown(how)

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()

    def _go_by(self, port: int) -> None:
        with self._limited():
            open_way(self._socket, self._host, port, self._limit)

    def _connected(self, host: str, port: int) -> socket.socket:
        """Try each address of a host, each for its share of the time."""
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        failed: OSError | None = None
        for tried, (family, kind, protocol, _, address) in enumerate(addresses):
            made = socket.socket(family, kind, protocol)
            try:
                made.settimeout(max(0.001, self._left() / (len(addresses) - tried)))
                made.connect(address)
            except OSError as error:
                made.close()
                failed = error
            else:
                return made
        raise failed or OSError("the host has no address")

    def _limit(self) -> None:
        self._socket.settimeout(self._left())

    @contextmanager
    def _limited(self) -> Iterator[None]:
        try:
            self._limit()
            yield
        except OSError:
            self._end = 0.0  # what came later would answer an earlier request
            self.close()
            raise

    def _left(self) -> float:
        left = min(self._until, self._end) - time.monotonic()
        if left <= 0:
            raise TimeoutError("the other side takes too long")
        return left


class _Reading(io.RawIOBase):
    """The reading half of a wire. The raw file keeps the socket open as long as it is read."""

    def __init__(self, wire: Wire, used: socket.socket) -> None:
        self._wire, self._raw = wire, used.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # what BufferedReader passes
        return self._wire.read_into(self._raw, memoryview(buffer))

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()


class Securing:
    """Stands for an SSL context where smtplib and imaplib upgrade a connection: TLS goes beneath the wire's limits."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context

    def wrap_socket(self, sock: Wire, server_hostname: str | None = None) -> Wire:
        """Secure the wire in its place."""
        del server_hostname  # the wire knows its host
        sock.secure(self._context)
        return sock

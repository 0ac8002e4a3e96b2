"""Limit one exchange by wall-clock time; per-read timeouts miss a server that dribbles bytes."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_POLL_SECONDS = 0.2


class TransferTimeout:
    """Shuts down a socket that is in use for too long. It has one thread for a carrier, not one for each message."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._exchange: tuple[float, socket.socket] | None = None  # the moment at which it ends, and its socket
        self._closed = threading.Event()
        self._watcher: threading.Thread | None = None

    @contextmanager
    def limit(self, used: socket.socket) -> Iterator[None]:
        """Limit one exchange over a socket, the body of the `with`."""
        if self._watcher is None:
            self._watcher = threading.Thread(target=self._watch, daemon=True)
            self._watcher.start()
        self._exchange = (time.monotonic() + self._seconds, used)
        try:
            yield
        finally:
            self._exchange = None

    def close(self) -> None:
        """Stop the thread. The next exchange starts another."""
        self._closed.set()
        if self._watcher is not None:
            self._watcher.join()
        self._watcher = None
        self._closed.clear()

    def _watch(self) -> None:
        while not self._closed.wait(_POLL_SECONDS):
            exchange = self._exchange
            if exchange and exchange[0] < time.monotonic():
                with suppress(OSError):
                    socket.socket.shutdown(exchange[1], socket.SHUT_RDWR)  # beneath TLS, which another thread reads

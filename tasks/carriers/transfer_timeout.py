"""The end of patience with a server that answers a byte at a time: a timeout for each answer does not come to that."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_LOOKS_EVERY = 0.2  # seconds


class Deadline:
    """Cuts a wire that is still in use when its time is over; one thread for a carrier, not one for each message."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._until: tuple[float, socket.socket] | None = None
        self._ended = threading.Event()
        self._looking: threading.Thread | None = None

    @contextmanager
    def over(self, wire: socket.socket) -> Iterator[None]:
        """Let the wire be used for so many seconds."""
        if self._looking is None:
            self._looking = threading.Thread(target=self._look, daemon=True)
            self._looking.start()
        self._until = (time.monotonic() + self._seconds, wire)
        try:
            yield
        finally:
            self._until = None

    def close(self) -> None:
        """Nothing is used any more."""
        self._ended.set()
        if self._looking is not None:
            self._looking.join()
        self._looking = None
        self._ended.clear()

    def _look(self) -> None:
        while not self._ended.wait(_LOOKS_EVERY):
            used = self._until
            if used and used[0] < time.monotonic():
                with suppress(OSError):
                    socket.socket.shutdown(used[1], socket.SHUT_RDWR)  # beneath TLS, which another thread is reading

"""A proxy for PostgreSQL that cuts the connection at a chosen commit, before the server gets or answers it."""

import contextlib
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Self

_COMMIT = b"Q\x00\x00\x00\x0bCOMMIT\x00"
_FENCE = b"execute fence "  # which commits by itself
NAME = ".s.PGSQL.5432"


class CommitCutter:
    """Listen in `folder` for the server in `server`. `at` counts commits down; at zero the connection is cut."""

    def __init__(self, folder: Path, server: Path, *, after: bool) -> None:
        self.folder, self.server, self.after = folder, server, after
        self.at, self.seen = -1, 0
        self._lock = threading.Lock()
        self._wires: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        self.folder.mkdir()
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(self.folder / NAME))
        self._listening.listen(64)
        self._start(self._serve)
        return self

    def _start(self, work: Callable[..., None], *given: socket.socket) -> None:
        self._threads.append(threading.Thread(target=work, args=given, daemon=True))
        self._threads[-1].start()

    def __exit__(self, *raised: object) -> None:
        _hang_up(self._listening, *self._wires)
        for thread in self._threads:
            thread.join()
        for wire in (self._listening, *self._wires):
            wire.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                caller, _ = self._listening.accept()
                behind = socket.socket(socket.AF_UNIX)
                self._wires += [caller, behind]
                behind.connect(str(self.server / NAME))
                self._start(self._forth, caller, behind)
                self._start(self._back, caller, behind)

    def _forth(self, caller: socket.socket, behind: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while said := caller.recv(65536):
                said = _whole(caller, said)
                if (said == _COMMIT or _FENCE in said) and self._strikes():
                    if self.after:
                        caller.shutdown(socket.SHUT_WR)  # no further answer comes back
                        behind.sendall(said)
                        behind.sendall(b"X\x00\x00\x00\x04")  # goodbye: read after the COMMIT
                        self._gone(behind)
                    break
                behind.sendall(said)
        _hang_up(caller, behind)

    def _back(self, caller: socket.socket, behind: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while said := behind.recv(65536):
                caller.sendall(said)
        _hang_up(caller, behind)

    def _gone(self, behind: socket.socket) -> None:
        """Wait until the server has finished; `_back` notices it first."""
        with contextlib.suppress(OSError):
            while behind.recv(65536):
                pass

    def _strikes(self) -> bool:
        with self._lock:
            self.seen += 1
            self.at -= 1
            return self.at == 0


def _whole(caller: socket.socket, said: bytes) -> bytes:
    """Read one complete query."""
    while said[:1] == b"Q" and len(said) < 1 + int.from_bytes(said[1:5]):
        said += caller.recv(65536)
    return said


def _hang_up(*wires: socket.socket) -> None:
    for wire in wires:
        with contextlib.suppress(OSError):
            wire.shutdown(socket.SHUT_RDWR)

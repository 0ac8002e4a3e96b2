"""Where one data directory's embedded PostgreSQL has its files and its socket, and whether that place is its own."""

import hashlib
import os
import re
import socket
import stat
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from models.errors import Refuse

SOCKET = ".s.PGSQL.5432"
OF_COPIES = "casebeat.token"  # a file that a cluster and its copies have in common
LONGEST = 107 - len(f"/{SOCKET}")  # bytes of a socket's folder, on Linux
_WHERE_IT_RUNS = "/proc/self/cwd"  # a server runs in its files' folder, and may not enter those above
_PLAIN = re.compile(r"[A-Za-z0-9/._-]+")  # libpq and URLs give other characters a meaning
SHORT = Path("/tmp")  # noqa: S108  a short path on every system; the folder made in it is private and checked


@dataclass(frozen=True)
class Place:
    """Paths of one data directory's server: its files and its socket."""

    home: Path

    @property
    def data(self) -> Path:
        """The folder of the database cluster."""
        return self.home / "postgres"

    @property
    def prepared(self) -> Path:
        """The marker file that exists once roles and databases have been created."""
        return self.data / "casebeat.prepared"

    @property
    def sockets(self) -> Path:
        """The private folder of the socket: the cluster's, unless its path is too long or has special characters."""
        if len(str(self.data)) <= LONGEST and _PLAIN.fullmatch(str(self.data)):
            return self.data
        token = (self.data / OF_COPIES).read_text("ascii")
        key = hashlib.sha256(f"{self.data}\0{token}".encode()).hexdigest()[:16]
        return SHORT / f"casebeat-{key}"

    @property
    def listens_in(self) -> str:
        """The folder of the socket as the server's configuration names it."""
        return _WHERE_IT_RUNS if self.sockets == self.data else str(self.sockets)

    def answers(self) -> bool:
        """Return whether the server is up and ready for queries. Raises Refuse if another may have its socket."""
        if self.sockets != self.data:
            self.check_sockets()
        try:
            with closing(socket.socket(socket.AF_UNIX)) as probe:
                probe.settimeout(5)
                probe.connect(str(self.sockets / SOCKET))
            return self._told("ready", 7)
        except OSError:
            return False

    def listens_elsewhere(self) -> bool:
        """Return whether the running server was started by a release that had another place for its socket."""
        with suppress(OSError):
            return not self._told(self.listens_in, 4)
        return False

    def make_sockets(self) -> None:
        """Make the socket's folder, unless it is the cluster's. Raises Refuse if another has it."""
        if self.sockets == self.data:
            return
        owner = self.data.stat()
        with suppress(FileExistsError):
            self.sockets.mkdir(mode=0o700)
            if os.geteuid() == 0:
                os.chown(self.sockets, owner.st_uid, owner.st_gid)
        self.check_sockets()

    def check_sockets(self) -> None:
        """Raise Refuse if somebody else has made the socket's folder, as anybody may once a server has stopped."""
        with suppress(FileNotFoundError):
            found, owner = self.sockets.lstat(), self.data.stat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner.st_uid or found.st_mode & 0o077:
                raise Refuse(
                    f"{self.sockets} is not a private folder of the database's user: somebody else made or opened it. "
                    f"Set CASEBEAT_HOME to a path of at most {LONGEST - len('/postgres')} plain characters, whose "
                    "socket needs no folder there, or have it removed. Nothing was done."
                )

    def _told(self, word: str, line: int) -> bool:
        lines = (self.data / "postmaster.pid").read_text("utf-8").split("\n")
        return len(lines) > line and lines[line].strip() == word

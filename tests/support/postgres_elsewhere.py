"""A PostgreSQL that answers on an address of this machine, or on several, with a clock of its own.

Where that is not loopback it is to Casebeat a server on another machine. libfaketime shifts what its clock shows.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2

from tasks.servers import postgres_programs as programs
from tests.support.post import free_port

FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
WHY_NOT = "libfaketime is not here: needs apt-get install libfaketime"


def address() -> str | None:
    """An address of this machine from which others can be reached; None where it has only loopback."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("198.51.100.1", 9))  # nothing is sent
        except OSError:
            return None
        found = str(probe.getsockname()[0])
    return None if found.startswith("127.") else found


def has_ipv6() -> bool:
    """Whether this machine has the loopback address of IPv6."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


class PostgresElsewhere:
    """A cluster that can be started with its clock shifted, again and again."""

    def __init__(self, data: Path, host: str) -> None:
        self._data, self._host, self.port = data, host, free_port()
        self._programs = programs.folder_for(data)
        how = ("-D", data, "-U", "postgres", "-E", "UTF8", "--no-locale", "--no-sync", "-A", "trust")
        assert programs.run([self._programs / "initdb", *how], data).returncode == 0
        with (data / "pg_hba.conf").open("a", encoding="ascii") as rules:
            rules.write("host all all samehost trust\n")

    @property
    def url(self) -> str:
        return f"postgresql+psycopg2://postgres@{self._host}:{self.port}/postgres"

    @contextmanager
    def running(self, shift: str) -> Iterator[None]:
        """Run the server inside the block with its clock shifted, as `+11m`."""
        owner = self._data.stat()
        root = os.geteuid() == 0
        options = [f"listen_addresses={self._host}", "unix_socket_directories=", "fsync=off"]
        command = [self._programs / "postgres", "-D", self._data, "-p", str(self.port)]
        server = subprocess.Popen(
            [*command, *(word for option in options for word in ("-c", option))],
            cwd=self._data,
            env={"LD_PRELOAD": str(FAKETIME), "FAKETIME": shift, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=owner.st_uid if root else None,
            group=owner.st_gid if root else None,
            extra_groups=[] if root else None,
        )
        try:
            self._wait(server)
            yield
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(60)

    def _wait(self, server: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + 60
        while True:
            try:
                psycopg2.connect(host=self._host, port=self.port, user="postgres", dbname="postgres").close()
            except psycopg2.OperationalError:
                assert server.poll() is None, "the server did not start"
                assert time.monotonic() < deadline, "the server did not answer"
                time.sleep(0.1)
            else:
                return


@contextmanager
def elsewhere(host: str) -> Iterator[PostgresElsewhere]:
    """Make a cluster, outside pytest's own folder, which pytest closes to the user that PostgreSQL runs as."""
    made = Path(tempfile.mkdtemp(prefix="casebeat-elsewhere-"))
    try:
        made.chmod(0o711)
        data = made / "data"
        data.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(data, *programs.account())
        yield PostgresElsewhere(data, host)
    finally:
        shutil.rmtree(made)

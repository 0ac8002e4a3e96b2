"""A PostgreSQL of one's own as docs/it/postgresql.md has it: the system's programs, passwords, TLS by a certificate."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psycopg2

from tasks.servers import postgres_programs as programs
from tests.support.post import free_port

BIN = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)
HERE = BIN is not None and (BIN / "postgres").exists() and (BIN / "pg_dump").exists() and bool(shutil.which("openssl"))
WHY_NOT = "no PostgreSQL of the system with its client, or no openssl: needs apt-get install postgresql openssl"


class OwnServer:
    """A running server: its port, the certificate that its clients verify, and statements of its superuser."""

    def __init__(self, folder: Path) -> None:
        self.data, self.certificate, self.port = folder / "data", folder / "root.crt", free_port()

    def url(self, role: str, password: str, database: str = "casebeat") -> str:
        tls = f"sslmode=verify-full&sslrootcert={self.certificate}"
        return f"postgresql+psycopg2://{role}:{password}@localhost:{self.port}/{database}?{tls}"

    def run(self, *statements: str, database: str = "postgres") -> None:
        where = f"host={self.data} port={self.port} user=postgres dbname={database}"
        with closing(psycopg2.connect(where)) as opened, opened.cursor() as cursor:
            opened.autocommit = True
            for statement in statements:
                cursor.execute(statement)


@contextmanager
def own_server() -> Iterator[OwnServer]:
    """Run such a server inside the block; outside pytest's folder, which PostgreSQL's account may not enter."""
    folder = Path(tempfile.mkdtemp(prefix="casebeat-own-"))
    try:
        folder.chmod(0o711)
        made = OwnServer(folder)
        made.data.mkdir(mode=0o700)
        owner = programs.account() if os.geteuid() == 0 else (os.geteuid(), os.getegid())
        os.chown(made.data, *owner)
        _create(made, owner)
        with _running(made, owner):
            yield made
    finally:
        shutil.rmtree(folder)


def _create(made: OwnServer, owner: tuple[int, int]) -> None:
    how = ("-D", made.data, "-U", "postgres", "-E", "UTF8", "--no-locale", "--no-sync", "-A", "trust")
    assert BIN is not None
    assert programs.run([BIN / "initdb", *how], made.data).returncode == 0
    key, signed = made.data / "server.key", made.data / "server.crt"
    request = ["req", "-new", "-x509", "-days", "2", "-nodes", "-subj", "/CN=localhost", "-addext"]
    subprocess.run(
        ["openssl", *request, "subjectAltName=DNS:localhost", "-out", signed, "-keyout", key],
        check=True, capture_output=True,
    )  # fmt: skip
    shutil.copy(signed, made.certificate)
    made.certificate.chmod(0o644)
    for file in (key, signed):
        file.chmod(0o600)
        os.chown(file, *owner)
    (made.data / "pg_hba.conf").write_text("local all postgres trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n")


@contextmanager
def _running(made: OwnServer, owner: tuple[int, int]) -> Iterator[None]:
    options = ["listen_addresses=127.0.0.1", f"unix_socket_directories={made.data}", "fsync=off", "ssl=on"]
    root = os.geteuid() == 0
    more = [word for each in options for word in ("-c", each)]
    server = subprocess.Popen(
        [f"{BIN}/postgres", "-D", made.data, "-p", str(made.port), *more],
        cwd=made.data, env={"LC_ALL": "C"}, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, user=owner[0] if root else None, group=owner[1] if root else None,
        extra_groups=[] if root else None,
    )  # fmt: skip
    try:
        end = time.monotonic() + 60
        while True:
            with suppress(psycopg2.OperationalError):
                made.run("select 1")
                break
            assert server.poll() is None
            assert time.monotonic() < end
            time.sleep(0.1)
        yield
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(60)

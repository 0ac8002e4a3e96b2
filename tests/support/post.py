"""Mail servers for tests: OpenSMTPD, a Maildir to deliver to, and a socket that refuses, hangs or drops at a point."""

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Self

SMTPD = shutil.which("smtpd", path="/usr/sbin:/usr/local/sbin:/usr/bin")
WHY_NOT = "OpenSMTPD is not here: needs root and apt-get install opensmtpd"
HERE = SMTPD is not None and os.geteuid() == 0
ALONE = Path(tempfile.gettempdir(), "casebeat-smtpd.lock")
_numbers = count(1)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def certificate(folder: Path, name: str = "localhost") -> tuple[Path, Path]:
    key, cert = folder / "k.pem", folder / "c.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days", "2",
         "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name},IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
    key.chmod(0o600)
    return key, cert


@dataclass
class Maildir:
    """A Maildir, with the folder that read mails are moved to."""

    folder: Path

    def make(self) -> "Maildir":
        for part in ("tmp", "new", "cur"):
            (self.folder / part).mkdir(parents=True)
        return self

    def drop(self, raw: bytes, received: datetime) -> Path:
        """Deliver a mail as a mail server does: written beside, then renamed. The file's time is its receipt."""
        path = self.folder / "tmp" / f"{int(received.timestamp())}.M{next(_numbers)}.test"
        path.write_bytes(raw)
        os.utime(path, (received.timestamp(), received.timestamp()))
        return path.rename(self.folder / "new" / path.name)

    def inbox(self) -> list[Path]:
        return self._mails(self.folder)

    def done(self) -> list[Path]:
        return self._mails(self.folder / ".Casebeat done")

    def _mails(self, folder: Path) -> list[Path]:
        return [path for part in ("new", "cur") for path in (folder / part).glob("*")]


@dataclass
class OpenSmtpd:
    """A running OpenSMTPD: `port` offers STARTTLS, `strict` requires it. Its mailboxes are Maildirs by address."""

    port: int
    strict: int
    box: Path
    cert: Path

    def letters(self, address: str, number: int) -> list[bytes]:
        """Wait until `number` letters are in a mailbox; delivery follows the 250."""
        for _ in range(100):
            found = [path.read_bytes() for path in sorted(self.box.glob(f"{address}/new/*"))]
            if len(found) >= number:
                return found
            time.sleep(0.1)
        raise AssertionError(f"{len(found)} letters, not {number}")


@contextlib.contextmanager
def open_smtpd() -> Iterator[OpenSmtpd]:
    """Start one OpenSMTPD at a time on a machine, as its control socket requires: another test run waits for it.

    It is not in pytest's own folder: pytest closes that to other users, and one of them delivers the letters.
    """
    user = f"cbmail{os.getpid()}"  # of this run only; removed at the end
    with ALONE.open("w") as alone, tempfile.TemporaryDirectory(prefix="casebeat-smtpd-") as name:
        fcntl.flock(alone, fcntl.LOCK_EX)
        subprocess.run(["useradd", "-r", "-M", "-d", "/nonexistent", "-s", "/usr/sbin/nologin", user], check=True)
        try:
            yield from _serving(Path(name), user)
        finally:
            subprocess.run(["userdel", user], check=True, capture_output=True)


def _serving(folder: Path, user: str) -> Iterator[OpenSmtpd]:
    folder.chmod(0o711)
    box = folder / "box"
    box.mkdir()
    shutil.chown(box, user)
    key, cert = certificate(folder)
    port, strict = free_port(), free_port()
    conf = folder / "smtpd.conf"
    conf.write_text(
        f"""smtp limit max-mails 60
pki localhost cert "{cert}"
pki localhost key "{key}"
table vusers {{ "@" = "{user}" }}
listen on 127.0.0.1 port {port} tls pki localhost hostname mta.test
listen on 127.0.0.1 port {strict} tls-require pki localhost hostname mta.test
action "box" maildir "{box}/%{{rcpt.user:lowercase}}@%{{rcpt.domain:lowercase}}" virtual <vusers>
match from any for domain "surrey.police.uk" action "box"
"""
    )
    subprocess.run([str(SMTPD), "-n", "-f", conf], check=True, capture_output=True)
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen([str(SMTPD), "-d", "-f", conf], stdout=log, stderr=log)
        try:
            _wait(port)
            yield OpenSmtpd(port, strict, box, cert)
        finally:
            running.send_signal(signal.SIGTERM)
            running.wait(timeout=20)


def _wait(port: int) -> None:
    for _ in range(100):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise AssertionError("OpenSMTPD did not start")


@dataclass
class RawServer:
    """Speak just enough SMTP. `at` names the stage at which it does `what`: a reply, or drop, reset, hang, drip.

    Stages: banner, EHLO, MAIL, RCPT, DATA, dot (before it accepts the letter), after (it has accepted it), QUIT.
    `times` limits how often; afterwards it behaves. `cut_short` counts the callers that fell silent for ever after the
    final dot of an accepted letter, before their next command: they may not have recorded the acceptance.
    """

    at: str = ""
    what: str = "drop"
    times: int = 99
    accepted: list[bytes] = field(default_factory=list)
    sessions: int = 0
    ended: int = 0  # sessions
    cut_short: int = 0
    port: int = 0

    def __enter__(self) -> Self:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.opened: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *raised: object) -> None:
        for each in (self._listening, *self.opened):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _serve(self) -> None:
        while True:
            try:
                caller, _ = self._listening.accept()
            except OSError:
                return
            self.sessions += 1
            self.opened.append(caller)
            threading.Thread(target=self._session, args=(caller,), daemon=True).start()

    def _session(self, caller: socket.socket) -> None:
        taken: list[bytes] = []  # since the caller's last command
        with contextlib.suppress(OSError, StopIteration):
            lines = caller.makefile("rb")
            self._answer(caller, "banner", b"220 raw")
            while line := lines.readline():
                taken.clear()
                verb = line.split()[0].upper().decode() if line.split() else ""
                if verb == "DATA":
                    if self._answer(caller, "DATA", b"354 go"):
                        self._letter(caller, lines, taken)
                elif verb == "QUIT":
                    self._answer(caller, "QUIT", b"221 bye")
                    break
                else:
                    self._answer(caller, verb, b"250 raw")
        self.cut_short += len(taken)
        self.ended += 1

    def _letter(self, caller: socket.socket, lines: object, taken: list[bytes]) -> None:
        letter = b""
        while (line := lines.readline()) != b".\r\n":  # type: ignore[attr-defined]
            if not line:
                return  # the caller left in the middle of it
            letter += line
        if self._strikes("dot"):
            self._do(caller, self.what)
            return
        self.accepted.append(letter)
        taken.append(letter)
        self._answer(caller, "after", b"250 2.0.0 kept as 7")

    def _strikes(self, stage: str) -> bool:
        if stage != self.at or self.times <= 0:
            return False
        self.times -= 1
        return True

    def _answer(self, caller: socket.socket, stage: str, ordinary: bytes) -> bool:
        if self._strikes(stage):
            self._do(caller, self.what)
            return False
        caller.sendall(ordinary + b"\r\n")
        return True

    def _do(self, caller: socket.socket, what: str) -> None:
        if what == "hang":
            time.sleep(30)
        elif what == "drip":
            for _ in range(300):
                caller.sendall(b"2")
                time.sleep(0.1)
        elif what == "reset":
            caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif what != "drop":
            caller.sendall(what.encode() + b"\r\n")
            return
        caller.close()
        raise StopIteration

"""The programs of `casebeat serve`: each is kept running, and started again at longer intervals while it fails."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from models.errors import Refuse
from tasks.platform import logs
from tasks.platform.home import keep_private, locked
from tasks.servers import child, postgres

Say = Callable[[str], None]
_PAUSES = (0, 2, 10, 30, 60, 300)  # seconds before a program is started again after so many early ends
_EARLY = 60.0  # seconds; a program that ran longer was well
_ASKED_EVERY = 10.0  # seconds
_SILENT = 120.0  # seconds without an answer, after which a program hangs
LARGEST_LOG = 10_000_000  # bytes; then it becomes NAME.log.1 in the place of the one before
PORT_TIMEOUT = 10.0  # seconds in which the server of a killed `serve` ends


@dataclass
class Program:
    """A program of the installation: `arguments` are a Python module and its own arguments."""

    home: Path
    name: str
    arguments: Sequence[str]
    variables: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0  # ends in a row, each soon after its start
    due: float = 0.0  # on the monotonic clock, as all moments here
    begun: float = 0.0
    answers: Callable[[], bool] | None = None  # asked now and then, of a program that may hang
    asked: float = 0.0
    heard: float = 0.0
    before: Callable[[], None] | None = None  # done before each start
    to_file: bool = True  # its lines go to a log of its own, and else to the output of `serve`

    def start(self) -> subprocess.Popen[bytes]:
        """Start it. Raises OSError if that cannot be, as where the disk is full."""
        if self.before is not None:
            self.before()
        self.begun = self.heard = time.monotonic()
        variables = {**self.variables, **logs.of_program(self.name)}
        self.process = child.start(self.home, self.name, self.arguments, variables, to_file=self.to_file)
        return self.process

    def tend(self, say: Say) -> None:
        """Start it if it is due, and report its end if it has ended. Its log is cut when it has grown."""
        cut_log(child.log_of(self.home, self.name))
        if self.process is None:
            self._start_if_due(say)
        elif self.process.poll() is not None:
            self._ended(self.process.returncode, say)
        elif self.answers is not None and time.monotonic() > self.asked + _ASKED_EVERY:
            self._ask(self.answers, self.process, say)

    def end(self) -> None:
        """End it and its children, if it runs."""
        if self.process is not None:
            child.end(self.process)
            self.process = None

    @property
    def _log(self) -> str:
        return str(child.log_of(self.home, self.name)) if self.to_file else "these lines"

    def _start_if_due(self, say: Say) -> None:
        if time.monotonic() < self.due:
            return
        try:
            self.start()
        except OSError as error:
            self.due = time.monotonic() + _EARLY
            say(f"The {self.name} cannot be started ({error.strerror}); it is tried again in {_EARLY:.0f} seconds.")

    def _ask(self, answers: Callable[[], bool], process: subprocess.Popen[bytes], say: Say) -> None:
        """Kill it if it has not answered for long, so that it is started again."""
        if answers():
            self.heard = time.monotonic()
        elif time.monotonic() > self.heard + _SILENT:
            process.kill()
            process.wait()
            say(f"The {self.name} has not answered for {_SILENT:.0f} seconds, and was killed.")
        self.asked = time.monotonic()

    def _ended(self, code: int, say: Say) -> None:
        early = time.monotonic() - self.begun < _EARLY
        self.end()
        self.failures = self.failures + 1 if early else 1
        pause = _PAUSES[min(self.failures, len(_PAUSES)) - 1]
        self.due = time.monotonic() + pause
        often = f" soon after its start, {self.failures} times in a row" if self.failures > 1 else ""
        again = f"in {pause} seconds" if pause else "at once"
        say(f"The {self.name} ended ({_how(code)}){often}; it is started again {again}. "
            f"Its log: {self._log}")  # fmt: skip


@dataclass
class Timed(Program):
    """A program that does its work and ends, at intervals; one that takes very long is ended."""

    every: float = 300.0  # seconds
    longest: float = 3600.0  # seconds; it may have begun a round
    well: frozenset[int] = field(default=frozenset({0, 1}))  # exit codes after which there is nothing to report

    def tend(self, say: Say) -> None:
        """Start it at the next interval, and report its end if it failed."""
        cut_log(child.log_of(self.home, self.name))
        if self.process is not None and self.process.poll() is not None:
            code = self.process.returncode
            self.end()
            if code not in self.well:
                say(f"The {self.name} failed ({_how(code)}); it is started again within {self.every:.0f} seconds. "
                    f"Its log: {self._log}")  # fmt: skip
        if self.process is not None and time.monotonic() > self.begun + self.longest:
            self.end()
            say(f"The {self.name} took longer than {self.longest / 60:.0f} minutes, and was ended.")
        if self.process is None:
            self._start_if_due(say)

    def start(self) -> subprocess.Popen[bytes]:
        """Start it, and set the moment of its next start. Raises OSError as any program's start."""
        self.due = time.monotonic() + self.every
        return super().start()


@dataclass
class Embedded:
    """The embedded PostgreSQL, which is started again where it has ended."""

    home: Path
    due: float = 0.0  # on the monotonic clock

    def tend(self, say: Say) -> None:
        """Start it if it does not run. Where that cannot be, try again in a minute."""
        if time.monotonic() < self.due:
            return
        try:
            if postgres.start(self.home):
                say("PostgreSQL had ended; it was started again.")
        except Refuse as refused:
            self.due = time.monotonic() + _EARLY
            say(f"{refused} It is tried again in {_EARLY:.0f} seconds.")

    def end(self) -> None:
        """Stop it. What other commands have not committed is rolled back."""
        postgres.stop(self.home)


@contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Hold the data directory's lock inside the block. Raises Refuse if another `serve` holds it."""
    try:
        keep_private(home)
        lock = _lock(home).open("a+")
    except OSError as error:
        raise Refuse(f"{home} cannot be used ({error.strerror}); set CASEBEAT_HOME to a folder of yours.") from None
    with lock:
        if not locked(lock):
            raise Refuse(
                f"casebeat serve runs on {home} already, as process {_holder(lock)}: one is enough. Nothing was done."
            )
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def refuse_served(home: Path) -> None:
    """Raise Refuse if a `serve` runs on the data directory, which would start again what is stopped."""
    with suppress(FileNotFoundError), _lock(home).open("r") as lock:
        if not locked(lock):
            raise Refuse(
                f"casebeat serve runs on {home}, as process {_holder(lock)}: end that, with Ctrl-C where it runs or "
                f"kill {_holder(lock)}, and PostgreSQL ends with it. Nothing was done."
            )


def _lock(home: Path) -> Path:
    return home / "serve.lock"


def _holder(lock: IO[str]) -> str:
    lock.seek(0)
    return lock.read() or "?"


def refuse_taken(port: int, setting: str) -> None:
    """Raise Refuse if another program listens at a setting's port. The server of a killed `serve` is waited for."""
    deadline = time.monotonic() + PORT_TIMEOUT
    while not is_free(port):
        if time.monotonic() > deadline:
            raise Refuse(
                f"Port {port} of this machine is taken by another program: end that, or choose another port with "
                f"{setting}. Nothing was started."
            )
        time.sleep(0.2)


def cut_log(log: Path) -> None:
    """Move a long log's content to a second file, and go on with an empty one. Who writes it need not know."""
    with suppress(OSError):  # it is not there yet, or the disk is full
        if log.stat().st_size > LARGEST_LOG:
            shutil.copyfile(log, log.with_name(f"{log.name}.1"))
            os.truncate(log, 0)


def is_free(port: int) -> bool:
    """Return whether a server may listen on a port of this machine."""
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _how(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"

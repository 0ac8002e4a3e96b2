"""A number for each fault that nobody foresaw, and its place in the code, in a log under the data directory.

The log holds files, lines and names of functions: no value of a record, and no text of an exception.
"""

import fcntl
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from traceback import walk_tb
from typing import NamedTuple, cast

from config.settings import settings
from models.errors import FORESEEN, database_fault, opaque
from tasks.platform.home import keep_private

ROOT = Path(__file__).parents[2]
LOG = "faults.log"
_LAYERS = tuple(ROOT / layer for layer in ("flows", "tasks", "models", "config"))
LARGEST, KEPT = 1 << 20, 3  # bytes of one file; earlier files that are kept
_written: set[tuple[Path, str]] = set()  # the log and the number: a process writes each fault once


class Frame(NamedTuple):
    """A place in the code: a file, relative to the project or to the folder of libraries, and a line."""

    file: str
    line: int
    function: str
    ours: bool

    def __str__(self) -> str:
        """Return it as the log and the command show it."""
        return f"{self.file} line {self.line}"


def reason(error: BaseException) -> str:
    """Describe a fault without values of records, and with its number if it was not foreseen and is in the log."""
    if isinstance(error, FORESEEN) or database_fault(error):
        return opaque(error)
    number = _keep(error)
    return f"{opaque(error)}, fault {number}" if number else opaque(error)


def place(error: BaseException) -> Frame | None:
    """Return the last place of our own code that a fault passed through; None where it passed through none."""
    return next((frame for frame in reversed(_frames(error)) if frame.ours), None)


def _keep(error: BaseException) -> str:
    """Write a fault into the log, once a process, and return its number; empty if the log cannot be written.

    The number is made of its class and place, so that the same fault has the same number every day.
    """
    frames = _frames(error)
    ends = f"{type(error).__name__} {place(error)} {frames[-1] if frames else ''}"
    number = sha256(ends.encode()).hexdigest()[:8]
    try:
        log = settings().home / LOG
        if (log, number) not in _written:
            _write(log, "\n".join((f"fault {number}", *_lines(error))))
            _written.add((log, number))
    except (*FORESEEN, OSError):
        return ""
    return number


def _lines(error: BaseException | None) -> Iterator[str]:
    """Yield the class and the frames of a fault and of each fault that it came from, the outermost frame first."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield f"  {type(error).__name__}"
        for frame in _frames(error):
            yield f"    {frame} in {frame.function}"
        error = error.__cause__ or error.__context__


def _frames(error: BaseException) -> list[Frame]:
    return [_frame(Path(at.f_code.co_filename), line, at.f_code.co_name) for at, line in walk_tb(error.__traceback__)]


def _frame(file: Path, line: int, function: str) -> Frame:
    ours = any(file.is_relative_to(layer) for layer in _LAYERS)
    parts = file.parts
    if ours:
        shown = str(file.relative_to(ROOT))
    elif "site-packages" in parts:
        shown = "/".join(parts[parts.index("site-packages") + 1 :])
    else:
        shown = file.name
    return Frame(shown, line, function, ours)


class _PrivateFile(RotatingFileHandler):
    """A log of mode 0600 that starts a new file when it is full."""

    def _open(self) -> TextIOWrapper:
        made = open(self.baseFilename, self.mode, encoding="utf-8", opener=_private)  # noqa: SIM115  the handler closes it
        return cast("TextIOWrapper", made)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  logging's own name
        """Raise what happened: a fault that is not in the log gets no number."""
        del record
        raise  # noqa: PLE0704  called while the fault is handled


def _private(name: str, flags: int) -> int:
    return os.open(name, flags | os.O_CLOEXEC, 0o600)


def _write(log: Path, text: str) -> None:
    """Append to the log under a lock, since several processes write it, and one of them may begin a new file."""
    keep_private(log.parent)
    with _turn(log.parent):
        handler = _PrivateFile(log, maxBytes=LARGEST, backupCount=KEPT)
        handler.setFormatter(_formatter())
        try:
            handler.emit(logging.makeLogRecord({"msg": text}))
        finally:
            handler.close()


def _formatter() -> logging.Formatter:
    made = logging.Formatter("%(asctime)s %(message)s", "%Y-%m-%d %H:%M:%SZ")
    made.converter = time.gmtime
    return made


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)

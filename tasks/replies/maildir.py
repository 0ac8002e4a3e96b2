"""The reply mailbox as a Maildir, into which a mail server of this machine delivers."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from config.replies import ReplyMailbox
from models.errors import Retry
from tasks.network.wire import Limits
from tasks.replies.envelope import FIELDS
from tasks.replies.inbox import HEADERS, MOST_BYTES, FetchedMail
from tasks.replies.parts import LONGEST_HEADER

_ARRIVED = ("new", "cur")  # unseen, and those that a mail program has opened
_WANTED = frozenset(name.lower().encode() for name in FIELDS)


class ReplyMaildir:
    """One reading of the Maildir. A mail's name is its path in it.

    A mail leaves by one rename, after what it says is committed. After the death of a reader it is still there,
    and the next reader finds the recorded effect.
    """

    def __init__(self, box: Path, done_folder: str, limits: Limits) -> None:
        self._box, self._limits, self._end = box, limits, time.monotonic() + limits.session
        self._done = _folder(box, done_folder)
        for part in ("tmp", *_ARRIVED):
            os.scandir(box / part).close()
            (self._done / part).mkdir(mode=0o700, parents=True, exist_ok=True)

    def mails(self, most: int) -> list[str]:
        """List the names of at most `most` mails, the oldest first, seen or unseen."""
        found = []
        for part in _ARRIVED:
            with _usable("read"), os.scandir(self._box / part) as entries:
                for entry in entries:
                    with suppress(FileNotFoundError):  # moved away meanwhile
                        if entry.is_file(follow_symlinks=False):
                            found.append((entry.stat(follow_symlinks=False).st_mtime_ns, f"{part}/{entry.name}"))
        return [name for _, name in sorted(found)[:most]]

    def lasts(self, seconds: float) -> bool:
        """Return whether the reading has so many seconds left."""
        return time.monotonic() + seconds < self._end

    def headers(self, names: Sequence[str]) -> Iterator[dict[str, bytes]]:
        """Read what is needed of mails' headers, some mails at a time, until half of the time is over.

        A mail that is gone is left out.
        """
        for at in range(0, len(names), HEADERS):
            if not self.lasts(self._limits.session / 2):
                return
            found = {}
            for name in names[at : at + HEADERS]:
                with _usable("read"), suppress(FileNotFoundError), self._opened(name) as file:
                    found[name] = _header(file)
            yield found

    def fetch(self, name: str) -> FetchedMail | None:
        """Read the beginning of a mail; None if it is gone. It was received when its file was written."""
        with _usable("read"), suppress(FileNotFoundError), self._opened(name) as file:
            return FetchedMail(_header(file), file.read(MOST_BYTES), _written_at(file))
        return None

    def done(self, names: Sequence[str]) -> None:
        """Mark handled mails as seen and move them to the done folder, unless another reader has done so."""
        for name in names:
            kept = self._done / "cur" / f"{Path(name).name.partition(':')[0]}:2,S"
            with _usable("changed"), suppress(FileNotFoundError):
                (self._box / name).rename(kept)

    @contextmanager
    def _opened(self, name: str) -> Iterator[BinaryIO]:
        handle = os.open(self._box / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as file:
            yield file


def done_folder(chosen: ReplyMailbox) -> Path:
    """Return the folder of handled mails of the settings' Maildir."""
    return _folder(Path(str(chosen.maildir)), chosen.done_folder)


def _folder(box: Path, name: str) -> Path:
    return box / f".{name.replace('/', '.')}"  # named as Dovecot names a folder


@contextmanager
def open_inbox(chosen: ReplyMailbox, limits: Limits | None = None) -> Iterator[ReplyMaildir]:
    """Open the settings' Maildir for the duration of the block."""
    with _usable("opened"):
        box = ReplyMaildir(Path(str(chosen.maildir)), chosen.done_folder, limits or Limits())
    yield box


@contextmanager
def _usable(how: str) -> Iterator[None]:
    """Raise Retry for a Maildir that cannot be used now: it is not there, or its files are another user's."""
    try:
        yield
    except OSError as error:
        raise Retry(f"The reply Maildir cannot be {how} ({type(error).__name__}).") from None


def _header(file: BinaryIO) -> bytes:
    """Read a mail up to its body, and return what is needed of its header, or the beginning of that."""
    kept, wanted, left = [], False, MOST_BYTES
    while left > 0 and (line := file.readline(left)).strip(b"\r\n"):
        left -= len(line)
        if line[:1] not in b" \t":  # otherwise it goes on from the line before
            wanted = line.partition(b":")[0].strip().lower() in _WANTED
        if wanted:
            kept.append(line)
    return b"".join(kept)[:LONGEST_HEADER]


def _written_at(file: BinaryIO) -> datetime | None:
    with suppress(ValueError, OverflowError):  # a file's time may be any number
        return datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)
    return None

"""Opening and reading of untrusted files in blocks of a megabyte, so that memory stays flat and nothing blocks."""

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from models.errors import Refuse

BLOCK = 1 << 20
LARGEST_FILE = 8 << 30
LONGEST_LINE = 1 << 20  # bytes
LONGEST_CELL = 1_000_000  # characters


@contextmanager
def opened_folder(folder: Path) -> Iterator[int]:
    """Open a folder once, so that later reads use this folder even if its name is replaced."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise Refuse(f"The folder cannot be opened ({error.strerror}).") from None
    try:
        yield handle
    finally:
        os.close(handle)


@contextmanager
def opened(folder: int, name: str, largest: int = LARGEST_FILE) -> Iterator[int]:
    """Open a regular file of the folder for reading. Raises Refuse if it is missing, too large, a link or a pipe."""
    try:
        handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    except FileNotFoundError:
        raise Refuse(f"{name} is named but is not in the folder.") from None
    except OSError as error:
        raise Refuse(f"{name} cannot be read as a plain file ({error.strerror}).") from None
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or status.st_nlink != 1:
            raise Refuse(f"{name} is not a plain file of this folder alone (a link, a pipe, a folder or a device).")
        if status.st_size > largest:
            raise Refuse(f"{name} is larger than {largest:,} bytes.")
        yield handle
    finally:
        os.close(handle)


@dataclass(frozen=True)
class FirstLook:
    """The digest, the encoding and the change marks of a file."""

    digest: str
    encoding: str
    marks: tuple[int, ...]


def marks(handle: int) -> tuple[int, ...]:
    """Return metadata that changes when a file is written or replaced, even if its modification time is reset."""
    status = os.fstat(handle)
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, status.st_dev


def look(handle: int, name: str) -> FirstLook:
    """Digest the file and detect its encoding: UTF-8, else Windows-1252. Raises Refuse if it is neither."""
    digest, before = hashlib.sha256(), marks(handle)
    utf8, windows, rest = True, True, b""
    for number, block in enumerate(blocks(handle)):
        digest.update(block)
        if number == 0 and block[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            raise Refuse(f"{name} is UTF-16 text; save it as CSV UTF-8.")
        windows = windows and (block.isascii() or block.translate(None, _NOT_WINDOWS) == block)
        if utf8:
            utf8, rest = _still_utf8(rest + block)
    if rest or not utf8:
        if not windows:
            raise Refuse(f"{name} is neither UTF-8 nor Windows-1252 text.")
        return FirstLook(digest.hexdigest(), "cp1252", before)
    return FirstLook(digest.hexdigest(), "utf-8", before)


_NOT_WINDOWS = b"\x81\x8d\x8f\x90\x9d"


def _still_utf8(block: bytes) -> tuple[bool, bytes]:
    """Return whether a block is UTF-8, and the incomplete character at its end."""
    try:
        block.decode("utf-8")
    except UnicodeDecodeError as error:
        unfinished = error.reason == "unexpected end of data" and len(block) - error.start < 4
        return unfinished, block[error.start :] if unfinished else b""
    return True, b""


def blocks(handle: int) -> Iterator[bytes]:
    """Yield the content of an open file, a block at a time."""
    at = 0
    while block := os.pread(handle, BLOCK, at):
        at += len(block)
        yield block


def lines(handle: int, encoding: str) -> Iterator[list[str]]:
    """Yield lists of complete lines with line ends. One that is too long is no cell's text, so its row is rejected."""
    rest, first = b"", True
    for each in blocks(handle):
        block = each.removeprefix(b"\xef\xbb\xbf") if first else each
        first = False
        head, newline, tail = (rest + block).rpartition(b"\n")
        if newline:
            yield _split(head + newline, encoding)
        rest = tail if len(tail) <= 2 * LONGEST_LINE else b"x" * (LONGEST_CELL + 1)
    if rest:
        yield _split(rest, encoding)


def _split(block: bytes, encoding: str) -> list[str]:
    # Lines end in LF or CR LF. Whole lines never split a character.
    return [line + "\n" for line in block.removesuffix(b"\n").decode(encoding, "replace").split("\n")]

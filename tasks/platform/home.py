"""The data directory, and files with what it holds: for Casebeat's user alone."""

import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from models.errors import Refuse

_MEGABYTE = 2**20
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
OURS = frozenset({
    "postgres.lock", "postgres", "mail", "replies", "rejected", "signing-secret", "source-secret", "erasure-secret",
    "prefect", "preview", "demo", "backups", "backup-test", "faults.log", "reports", "round-begun",
})  # fmt: skip


def keep_private(home: Path) -> None:
    """Make the data directory for its user alone, or close the one that is there.

    Raises Refuse as `close_to_others` does.
    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    close_to_others(home)


def close_to_others(home: Path) -> None:
    """Close a data directory of ours to others; the folders above it are left alone.

    Raises Refuse where it holds other things than Casebeat's, which others may need.
    """
    try:
        found = home.stat()
    except OSError:
        return  # absent, or out of reach: whoever needs it says so
    if found.st_uid != os.geteuid() or not found.st_mode & _OTHERS:
        return
    held = {path.name for path in home.iterdir()}
    if held and not held & OURS:
        raise Refuse(
            f"{home} holds other files, and others may enter it: set CASEBEAT_HOME to a folder for Casebeat alone, or "
            "run chmod 700 on this one. Nothing was done."
        )
    home.chmod(stat.S_IRWXU)


def locked(file: IO[str]) -> bool:
    """Take the lock of a file until it is closed, and return whether nobody holds it: it ends with its process."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def privately(name: str, flags: int) -> int:
    """Open a file that its owner alone may read, whatever the umask, and no link: an opener for `open`."""
    return os.open(name, flags | os.O_NOFOLLOW, 0o600)


@contextmanager
def whole_file(file: Path, room: int = 0) -> Iterator[IO[bytes]]:
    """Open a draft beside `file`, for this account alone, and give it its name at the end; else nothing remains.

    `room` is how many bytes the disk has to have free. Raises Refuse if it has fewer, or if the file is there already.
    """
    try:
        if file.exists():
            raise Refuse(f"{file} is there already: name another file. Nothing was done.")
        if (free := shutil.disk_usage(file.parent).free) < room:
            raise Refuse(
                f"The disk of {file.parent} has {free // _MEGABYTE} MB free, and the tables take "
                f"{room // _MEGABYTE} MB: name a file on another disk. Nothing was done."
            )
        handle, name = tempfile.mkstemp(prefix=".casebeat-", suffix=".part", dir=file.parent)  # made with mode 0600
        try:
            with os.fdopen(handle, "wb") as draft:
                yield draft
                draft.flush()
                os.fsync(draft.fileno())
            Path(name).rename(file)
        finally:
            with suppress(FileNotFoundError):
                Path(name).unlink()
    except OSError as error:
        raise Refuse(f"{file} cannot be written ({error.strerror}): name another file. Nothing was done.") from None

"""Keep letters in a Maildir under the data directory where there is no mail server: one file per message's key."""

import os
import re
from pathlib import Path

from config.terms import State
from tasks.carriers.carrier import Answer
from tasks.platform.home import keep_private

_NAME = re.compile(r"[^A-Za-z0-9._-]")


class Maildir:
    """A Maildir, which shows letters and sends none. Writing a key again replaces its file."""

    def __init__(self, home: Path) -> None:
        self._home, self._box = home, home / "mail"

    def ready(self) -> None:
        """Make the folders."""
        keep_private(self._home)
        for part in ("tmp", "new", "cur"):
            (self._box / part).mkdir(mode=0o700, parents=True, exist_ok=True)

    def send(self, to: str, body: bytes, key: str) -> Answer:
        """Write a letter where it can be read."""
        del to
        name = file_name(key)
        path = self._box / "tmp" / name
        with path.open("wb") as file:
            file.write(body.replace(b"\r\n", b"\n"))
        for read in (self._box / "cur").glob(f"{name}*"):
            read.unlink()  # a reader had moved it: replace it all the same
        path.replace(self._box / "new" / name)
        _sync(self._box / "new")
        return Answer(State.SHOWN, "no mail.host: written to the Maildir")

    def takes(self, to: str) -> bool:
        """Return true: a file has no recipient."""
        del to
        return True

    def close(self) -> None:
        """Close nothing: nothing is kept open."""


def file_name(key: str) -> str:
    """Name a key's file: the key, with each character that has a meaning in a Maildir written as its code."""
    return _NAME.sub(lambda match: f"={ord(match[0]):02X}", key)


def _sync(folder: Path) -> None:
    """Write the folder to disk, so that a name outlives a crash of the machine before it is recorded as shown."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

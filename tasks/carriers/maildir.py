"""Where messages go without a mail server: a Maildir under the data directory, one file per message's key."""

import os
import re
from datetime import datetime
from pathlib import Path

from config.terms import Channel, State
from models.rules.outbox.message_states import REPEAT
from tasks.carriers.carrier import Answer

_NAME = re.compile(r"[^A-Za-z0-9._-]")


class Maildir:
    """The carrier that shows and does not say: writing a key again replaces what was there."""

    channel = Channel.EMAIL

    def __init__(self, home: Path) -> None:
        self._box = home / "mail"

    def ready(self) -> None:
        """Make the folders."""
        for part in ("tmp", "new", "cur"):
            (self._box / part).mkdir(mode=0o700, parents=True, exist_ok=True)

    def send(self, to: str, body: bytes, key: str) -> Answer:
        """Put a letter where it can be read."""
        del to
        name = file_name(key)
        path = self._box / "tmp" / name
        with path.open("wb") as file:
            file.write(body.replace(b"\r\n", b"\n"))
        for read in (self._box / "cur").glob(f"{name}*"):
            read.unlink()  # a reader had moved it: replaced all the same
        path.replace(self._box / "new" / name)
        _settle(self._box / "new")
        return Answer(State.SHOWN, "no mail.host: written to the Maildir")

    def look_for(self, to: str, body: bytes, key: str, sending_at: datetime) -> Answer:
        """It may have been read and thrown away: it is written once more, marked."""
        del to, body, key, sending_at
        return Answer(State.RETRY, REPEAT)

    def close(self) -> None:
        """Nothing is kept open."""


def file_name(key: str) -> str:
    """The name of a key's file: the key, each character that a Maildir reads as its own sign written out."""
    return _NAME.sub(lambda found: f"={ord(found[0]):02X}", key)


def _settle(folder: Path) -> None:
    """Make the names last through a crash of the machine before anyone records that they were shown."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

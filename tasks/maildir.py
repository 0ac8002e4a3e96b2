"""Where messages go without a mail server: a Maildir under the data directory, one file per message's key."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

_NAME = re.compile(r"[^A-Za-z0-9._-]")


def write(home: Path, letters: Mapping[str, bytes]) -> None:
    """Put each letter into the Maildir `mail` under `home`. Writing a key again replaces what was there."""
    box = home / "mail"
    for part in ("tmp", "new", "cur"):
        (box / part).mkdir(mode=0o700, parents=True, exist_ok=True)
    for key, body in letters.items():
        name = file_name(key)
        path = box / "tmp" / name
        with path.open("wb") as file:
            file.write(body.replace(b"\r\n", b"\n"))
        for read in (box / "cur").glob(f"{name}*"):
            read.unlink()  # a reader had moved it: replaced all the same
        path.replace(box / "new" / name)
    _settle(box / "new")


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

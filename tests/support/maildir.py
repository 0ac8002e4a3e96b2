"""A mailbox as files: what a mail server delivers to, and what is read and put away."""

import os
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path

_numbers = count(1)


@dataclass
class Maildir:
    """A Maildir, with the folder that read mails are moved to."""

    box: Path

    def make(self) -> "Maildir":
        for part in ("tmp", "new", "cur"):
            (self.box / part).mkdir(parents=True)
        return self

    def drop(self, raw: bytes, received: datetime) -> Path:
        """Deliver a mail as a mail server does: written beside, then renamed. The file's time is its receipt."""
        path = self.box / "tmp" / f"{int(received.timestamp())}.M{next(_numbers)}.test"
        path.write_bytes(raw)
        os.utime(path, (received.timestamp(), received.timestamp()))
        return path.rename(self.box / "new" / path.name)

    def inbox(self) -> list[Path]:
        return self._mails(self.box)

    def done(self) -> list[Path]:
        return self._mails(self.box / ".Casebeat done")

    def _mails(self, folder: Path) -> list[Path]:
        return [path for part in ("new", "cur") for path in (folder / part).glob("*")]

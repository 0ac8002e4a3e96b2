"""The data directory: for Casebeat's user alone."""

import os
import stat
from pathlib import Path

from models.errors import Refuse

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_OURS = frozenset({
    "postgres.lock", "postgres", "mail", "rejected", "signing-secret", "prefect", "preview", "demo", "backups",
    "faults.log",
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
    if held and not held & _OURS:
        raise Refuse(
            f"{home} holds other files, and others may enter it: set CASEBEAT_HOME to a folder for Casebeat alone, or "
            "run chmod 700 on this one. Nothing was done."
        )
    home.chmod(stat.S_IRWXU)

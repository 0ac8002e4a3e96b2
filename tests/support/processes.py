"""The processes of this machine that name a folder."""

import os
import time
from pathlib import Path


def processes_that_name(home):
    """The live processes whose environment or command line names this folder, except PostgreSQL's."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and folder.name != str(os.getpid()):
            try:
                said = (folder / "environ").read_bytes() + (folder / "cmdline").read_bytes()
                name = (folder / "comm").read_text("utf-8").strip()
            except OSError:
                continue
            if str(home).encode() in said and name != "postgres":
                found.append(f"{folder.name} {name}")
    return found


def gone(home, seconds=20):
    deadline = time.monotonic() + seconds
    while processes_that_name(home) and time.monotonic() < deadline:
        time.sleep(0.1)
    return processes_that_name(home) == []

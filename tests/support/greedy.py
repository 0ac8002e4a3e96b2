"""Programs for a confined child: each takes more than it may, dies, or says what it has."""

import json
import os
import signal
import sys
import time
from pathlib import Path


def main(what: str = "") -> None:
    """Do one thing, or what each line of the input says."""
    if what:
        _do(what)
        return
    for line in sys.stdin.buffer:
        _do(json.loads(line))
        sys.stdout.write(f"{os.getpid()}\n")
        sys.stdout.flush()


def _do(what: str) -> None:
    if what == "memory":
        bytearray(4 << 30)
    elif what == "time":
        while True:
            pass
    elif what == "wait":
        time.sleep(600)
    elif what == "write":
        os.write(1, b"x" * (3 << 20))
        os.write(1, b"x")
    elif what == "abort":
        os.kill(os.getpid(), signal.SIGABRT)
    elif what == "has":
        files = sorted(int(path.name) for path in Path("/proc/self/fd").iterdir())
        ours = sorted(name for name in sys.modules if name.partition(".")[0] in {"models", "prefect", "sqlalchemy"})
        sys.stdout.write(json.dumps([dict(os.environ), files, ours, os.getppid()]))

"""Ctrl-C and SIGTERM: a command ends in one sentence, rolls back uncommitted work, and stops what it started."""

import atexit
import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType

ENDED_BY_SIGNAL = 128
PATIENCE = 10.0  # seconds; Python handles a signal only after the database statement returns
_NAMES = {signal.SIGINT: "Ctrl-C", signal.SIGTERM: "SIGTERM"}
_handled = threading.Event()


def heed() -> None:
    """End this process on a signal from now on: by `SystemExit`, or at once if a statement blocks the process."""
    read_end, write_end = os.pipe()
    os.set_blocking(write_end, False)
    signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
    for number in _NAMES:
        signal.signal(number, _stop)
    threading.Thread(target=_watch, args=(read_end,), daemon=True).start()


def leave_to(end: Callable[[int, FrameType | None], None]) -> None:
    """Pass signals only to `end` from now on, for a command that runs until stopped and then ends by itself."""
    signal.set_wakeup_fd(-1)
    for number in _NAMES:
        signal.signal(number, end)


def _stop(number: int, _frame: FrameType | None) -> None:
    if not _handled.is_set():
        atexit.register(_print_sentence, number)  # psycopg2 ends the process itself if it was building an error
    _handled.set()
    raise SystemExit(ENDED_BY_SIGNAL + number)


def _print_sentence(number: int) -> None:
    by = _NAMES[signal.Signals(number)]
    line = f"casebeat: stopped by {by}. Committed work is kept, and the command may be run again.\n"
    os.write(2, line.encode())


def _watch(read_end: int) -> None:
    """Cancel what runs in the database, and end a process that cannot handle the signal: the server rolls it back."""
    while (number := os.read(read_end, 1)[0]) not in _NAMES:
        pass
    if database := sys.modules.get("tasks.servers.database"):
        threading.Thread(target=database.cancel, daemon=True).start()
    if not _handled.wait(PATIENCE):
        _print_sentence(number)
        os._exit(ENDED_BY_SIGNAL + number)

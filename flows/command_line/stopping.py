"""Ctrl-C and SIGTERM: a command ends in one sentence, undoes what it had not committed, and stops what it started."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType

ENDED_BY_SIGNAL = 128
PATIENCE = 10.0  # seconds; Python hears of a signal only when a statement of the database's has come back
_NAMES = {signal.SIGINT: "Ctrl-C", signal.SIGTERM: "SIGTERM"}
_heard = threading.Event()


class Stopped(SystemExit):
    """Somebody has asked the command to end."""

    code: int


def sentence(code: int) -> str:
    """What is said at the end of a command that was stopped with this exit code."""
    by = _NAMES[signal.Signals(code - ENDED_BY_SIGNAL)]
    return f"casebeat: stopped by {by}. What was committed before it stands, and the command may be run again."


def heed() -> None:
    """From now on, end this process on a signal: by `Stopped`, or where a statement holds the process, at once."""
    read_end, write_end = os.pipe()
    os.set_blocking(write_end, False)
    signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
    for number in _NAMES:
        signal.signal(number, _stop)
    threading.Thread(target=_watch, args=(read_end,), daemon=True).start()


def leave_to(end: Callable[[int, FrameType | None], None]) -> None:
    """From now on a signal is for `end` alone: of a command that runs until it is stopped, and then ends by itself."""
    signal.set_wakeup_fd(-1)
    for number in _NAMES:
        signal.signal(number, end)


def _stop(number: int, _frame: FrameType | None) -> None:
    _heard.set()
    raise Stopped(ENDED_BY_SIGNAL + number)


def _watch(read_end: int) -> None:
    """Call off what runs in the database, and end a process that cannot hear: the server undoes what it had begun."""
    while (number := os.read(read_end, 1)[0]) not in _NAMES:
        pass
    if database := sys.modules.get("tasks.platform.database"):
        threading.Thread(target=database.cancel, daemon=True).start()
    if not _heard.wait(PATIENCE):
        code = ENDED_BY_SIGNAL + number
        os.write(2, f"{sentence(code)}\n".encode())
        os._exit(code)

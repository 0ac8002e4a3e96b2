"""A mark in the data directory while a command runs today's round: one that stays behind shows that its process died.

It is made before the database is asked for anything, and so before the round's first row.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

from tasks.platform.home import keep_private, locked

FILE = "round-begun"


@contextmanager
def begun(home: Path, today: date) -> Iterator[None]:
    """Show inside the block that today's round was begun here; another one beside it shows nothing."""
    keep_private(home)
    with (home / FILE).open("a+", encoding="ascii") as mark:
        if not locked(mark):
            yield
            return
        mark.truncate(0)
        mark.write(today.isoformat())
        mark.flush()
        try:
            yield
        finally:
            (home / FILE).unlink(missing_ok=True)


def died(home: Path, today: date) -> bool:
    """Return whether the process that began a day's round here ended without taking its mark away."""
    with suppress(FileNotFoundError), (home / FILE).open("r+", encoding="ascii") as mark:
        return locked(mark) and mark.read() == today.isoformat()
    return False

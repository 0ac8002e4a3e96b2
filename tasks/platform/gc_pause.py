"""The collector looks for circles of values; a pass over a book makes none, and a third of its time would be looks."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Let the collector rest while a set is worked through; what it had been is what it is again."""
    rests = not gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if not rests:
            gc.enable()

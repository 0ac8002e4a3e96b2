"""The progress of long work: a bar on a terminal, otherwise a line a minute; both on standard error."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

EVERY = 60  # seconds between two lines without a terminal
Shown = Callable[[str, int, int], None]  # name, rows or days so far, and in total


@contextmanager
def rows_shown() -> Iterator[Shown]:
    """Show how many rows, or days, of each named part are done, as the block reports them."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        shown: dict[str, Any] = {}

        def move(name: str, done: int, expected: int) -> None:
            if name not in shown or done < bar.tasks[bar.task_ids.index(shown[name])].completed:
                shown[name] = bar.add_task(name, total=expected)
            bar.update(shown[name], completed=done)

        yield move


class _Lines:
    """Progress as one line a minute."""

    def __init__(self) -> None:
        self._printed_at = time.monotonic()

    def __call__(self, name: str, done: int, expected: int) -> None:
        """Print how far the work is, at most once a minute."""
        if time.monotonic() - self._printed_at >= EVERY:
            self._printed_at = time.monotonic()
            typer.echo(f"{name}: {done:,} of {expected:,}", err=True)

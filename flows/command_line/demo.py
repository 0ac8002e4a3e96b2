"""`casebeat demo`."""

import shlex
import shutil
import sys
import threading
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from config.settings import settings
from flows.command_line import stopping
from models.rules.arithmetic import format_day
from tasks.demo.summary import summary, unseen, where_to_look

THREE_WEEKS = 21
_SUNDAY = 7


def demo(
    days: Annotated[int, typer.Option(help="How many days to run, from Mon 23 Mar 2026.", min=1, max=60)] = THREE_WEEKS,
    seed: Annotated[int, typer.Option(help="A different number makes a different force.")] = 7,
    home: Annotated[
        Path | None,
        typer.Option(help="The folder for the demo's data; emptied first. By default demo/ in the data directory."),
    ] = None,
    show: Annotated[bool, typer.Option("--show", help="Start the last demo's Prefect UI again.")] = False,  # noqa: FBT002
) -> None:
    """Make a force's book of stalking cases, run three weeks of days on it, and show the results.

    All of its people are invented. It writes extracts, loads them, and runs the daily round as a Prefect flow for each
    day across Easter 2026, while simulated people answer their messages and hold their joint reviews. A server on this
    machine receives the mails and keeps them. Everything it started is stopped at the end.
    """
    home = home or settings().home / "demo"
    if show:
        _show(home)
        return
    from flows.demo import demo as run  # noqa: PLC0415 - its tasks are slow to import, and --help needs none of them

    with typer.progressbar(length=days, label="Surrey, day by day", hidden=not sys.stdout.isatty()) as bar:
        done = run(home, days, seed, partial(_progress, bar))
    typer.echo("")
    for line in summary(done.evenings, done.reviews, done.mails):
        typer.echo(line)
    for line in ("", *unseen(done.coverage), ""):
        typer.echo(line)
    for line in where_to_look(home.expanduser().resolve(), done.pages, done.evenings[-1], _command()):
        typer.echo(line)


def _progress(bar: Any, day: date) -> None:
    """Advance the bar, or print a line for each Sunday if there is no terminal."""
    bar.update(1)
    if not sys.stdout.isatty() and day.isoweekday() == _SUNDAY:
        typer.echo(f"{format_day(day)}: the week is over.")


def _show(home: Path) -> None:
    from flows.demo import show  # noqa: PLC0415 - as above

    stop = threading.Event()
    with show(home) as address:
        stopping.leave_to(lambda *_: stop.set())
        typer.echo(f"The Prefect UI of the demo is at {address}/runs until you press Ctrl-C.")
        typer.echo("Open a daily-round, then its tab Artifacts: the round's page for operations.")
        stop.wait()
        typer.echo("Stopping the server and its database.")


def _command() -> str:
    """Return what the reader types to run this command again."""
    own = Path(sys.argv[0])
    if own.name != "casebeat" or shutil.which("casebeat") == str(own):
        return "casebeat"
    return shlex.quote(str(own))

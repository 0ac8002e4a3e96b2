"""`casebeat profile`."""

from pathlib import Path
from typing import Annotated

import typer

from flows.configured import configured
from tasks.intake.profiles.proposal.composing import propose
from tasks.platform.home import whole_file


def profile(
    folder: Annotated[Path, typer.Argument(help="A folder with a source's own export.")],
    to: Annotated[
        Path | None,
        typer.Option(metavar="SOURCE.yaml", help="Write it to this file, for you alone; by default, print it."),
    ] = None,
) -> None:
    """Propose a profile for a source's own export, from its headers and values.

    A comment on each column says how sure it is. Codes are named as they were found; no other cell is. Correct it, then
    try it with casebeat intake --check.
    """
    configuration = configured()
    text, left_out = propose(configuration, folder)
    for why in left_out:
        typer.echo(f"casebeat: left out: {why}", err=True)
    if to is None:
        typer.echo(text, nl=False)
        return
    with whole_file(to) as out:
        out.write(text.encode())
    typer.echo(f"Written: {to}")
    typer.echo(f"Try it: casebeat intake --check --profile {to} {folder}")

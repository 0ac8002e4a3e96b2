"""`casebeat new`."""

from pathlib import Path
from typing import Annotated

import typer

from flows.command_line.options import Json, print_object
from tasks.platform.own_folder import CHECKOUT, ENVIRONMENT, write_own_folder

UNREADABLE = ("/home", "/root")  # the units' ProtectHome


def new(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder that is not there yet, or is empty.")],
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Write a force's own folder beside the checkout: settings, policy, panels, calendar, secrets and units.

    What you edit is in it, and nothing of it is in the checkout, so that an upgrade never meets an edited file. The
    folder's README has the next steps. It is written whole or not at all.
    """
    to = folder.expanduser().absolute()
    files = write_own_folder(to)
    if as_json:
        print_object({"folder": str(to), "checkout": str(CHECKOUT), "files": files})
        return
    typer.echo(f"{to} has {len(files)} files. Begin with {to / 'README.md'}; your settings are in {to / ENVIRONMENT}.")
    if to.is_relative_to(UNREADABLE[0]) or to.is_relative_to(UNREADABLE[1]):
        typer.echo(f"The units cannot read {' or '.join(UNREADABLE)}: for them, write it elsewhere, as /srv/casebeat.")

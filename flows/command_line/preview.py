"""`casebeat preview`."""

from pathlib import Path
from typing import Annotated

import typer

from flows.command_line.options import Json, print_object
from flows.configured import configured
from tasks.outbox.preview import write


def preview(
    to: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The folder; by default preview/ in the data directory.")
    ] = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Render each message to HTML files with invented data. Nothing is sent, and no database is needed."""
    configuration = configured()
    folder = to or configuration.settings.home / "preview"
    written = write(configuration, folder)
    if as_json:
        print_object({"messages": written, "folder": str(folder)})
        return
    typer.echo(f"{written} messages are in {folder}: open {folder / 'index.html'}")

"""`casebeat backup`."""

import json
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from config.settings import settings
from flows.clock import moment
from flows.command_line.progress import rows_shown
from tasks.platform.home import keep_private
from tasks.servers import backup as task
from tasks.servers import database

NOT_IN_IT = (
    "Not in it: settings, panels and policy, the signing secret, rejected rows, mails in a Maildir, and Prefect's own "
    "database. Keep the signing secret with the same care, in another place: without the same one, no key or button of "
    "a message that left is believed. It holds people and cases: whoever may not read the database may not read this "
    "file."
)


def backup(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="A new file; by default in backups/ of the data directory.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,  # noqa: FBT002
) -> None:
    """Back up the database into one ZIP file: its SQL by pg_dump, and a manifest with the count of its rows.

    Casebeat may go on working meanwhile: all rows are of one moment. The file is there whole or not at all, and is for
    your account alone (mode 0600). It takes the pg_dump of the server's own release. casebeat restore puts it back.
    """
    at = moment()
    to = file.expanduser().absolute() if file else _default(f"casebeat-{at:%Y%m%dT%H%M%SZ}.zip")
    with rows_shown() as progress:
        manifest = task.back_up(database.owner_url(), to, at, partial(progress, "backup"))
    size = to.stat().st_size
    if as_json:
        typer.echo(json.dumps({"file": str(to), "file_bytes": size, **manifest.model_dump(mode="json")}))
        return
    typer.echo(
        f"{manifest.total:,} rows of {len(manifest.rows)} tables are in {to} ({size / 1e6:,.1f} MB; "
        f"revision {manifest.revision}, PostgreSQL {manifest.postgres}).\n{NOT_IN_IT}"
    )


def _default(name: str) -> Path:
    folder = settings().home / "backups"
    keep_private(settings().home)
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / name

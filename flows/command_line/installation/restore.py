"""`casebeat restore`."""

import json
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from config.settings import settings
from flows.clock import moment
from flows.command_line.account import account
from flows.command_line.progress import rows_shown
from models import migrations
from models.errors import Refuse
from tasks.platform.text import moment as said
from tasks.servers import database
from tasks.servers import restore as task
from tasks.servers.backup import BackupManifest


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file of casebeat backup.")],
    hold: Annotated[bool, typer.Option("--hold", help="Put the outbox on hold; needed.")] = False,  # noqa: FBT002
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,  # noqa: FBT002
) -> None:
    """Restore a backup into an empty database, whole or not at all, with the outbox on hold.

    A message that left after the backup was made waits again in it. So nothing leaves until casebeat outbox --release,
    and --hold has to be given, so that nobody is surprised. A backup of an older Casebeat is migrated to this one.
    """
    if not hold:
        raise Refuse(
            "Give --hold: messages that left after the backup was made wait again in it, and would leave once more. "
            "With --hold nothing leaves until casebeat outbox --release. Nothing was done."
        )
    url = database.owner_url()
    disk = settings().home if settings().database_url is None else None
    with rows_shown() as progress:
        held = task.Hold(account(), moment())
        manifest = task.restore(url, file.expanduser().absolute(), held, disk, partial(progress, "restore"))
    if as_json:
        typer.echo(json.dumps({"held": True, "now_at_revision": migrations.HEAD, **manifest.model_dump(mode="json")}))
    else:
        typer.echo(_sentences(manifest))


def _sentences(manifest: BackupManifest) -> str:
    at = said(manifest.made_at)
    return (
        f"{manifest.total:,} rows of {len(manifest.rows)} tables are as they were on {at}; each table's count is that "
        f"of the backup. The tables are at revision {migrations.HEAD}. The outbox is held: nothing leaves.\n"
        "Next:\n"
        "1. Set the signing secret of the installation that was backed up (CASEBEAT_SIGNING_SECRET, or its file "
        "signing-secret in the data directory), and its settings and panels.\n"
        f"2. Look at casebeat outbox: what left after {at} waits there again. Under the same secret it would leave "
        "with the same Message-ID.\n"
        "3. Run casebeat intake with the extracts that came since, and casebeat run: what is no longer true is not "
        "sent.\n"
        "4. Release it: casebeat outbox --release."
    )

"""`casebeat backup`, `restore` and `stop`: the database as a whole."""

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from config.settings import settings
from flows.clock import moment
from flows.command_line.account import account
from flows.command_line.options import Json, print_object
from flows.command_line.progress import rows_shown
from models import migrations
from models.errors import Refuse
from tasks.platform.text import moment as said
from tasks.servers import backup as backing_up
from tasks.servers import backup_files, database, nightly_backup, postgres, serving
from tasks.servers import restore as restoring
from tasks.servers.backup import BackupManifest

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
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Back up the database into one ZIP file: its SQL by pg_dump, and a manifest with the count of its rows.

    Casebeat may go on working meanwhile: all rows are of one moment. The file is there whole or not at all, and is for
    your account alone (mode 0600). It takes the pg_dump of the server's own release. casebeat restore puts it back.
    """
    at = moment()
    to = file.expanduser().absolute() if file else _default(at)
    with rows_shown() as progress:
        manifest = backing_up.back_up(database.owner_url(), to, at, partial(progress, "backup"))
    if manifest.revision == migrations.HEAD:  # an older book has no place for it
        nightly_backup.note(manifest, to)
    size = to.stat().st_size
    if as_json:
        print_object({"file": str(to), "file_bytes": size, **manifest.model_dump(mode="json")})
        return
    typer.echo(
        f"{manifest.total:,} rows of {len(manifest.rows)} tables are in {to} ({size / 1e6:,.1f} MB; "
        f"revision {manifest.revision}, PostgreSQL {manifest.postgres}).\n{NOT_IN_IT}"
    )


def _default(at: datetime) -> Path:
    folder = settings().backup.folder_in(settings().home)
    backup_files.make_folder(settings().home, folder)
    return backup_files.of_moment(folder, at)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file of casebeat backup.")],
    hold: Annotated[bool, typer.Option("--hold", help="Put the outbox on hold; needed.")] = False,  # noqa: FBT002
    as_json: Json = False,  # noqa: FBT002
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
        held = restoring.Hold(account(), moment())
        manifest = restoring.restore(url, file.expanduser().absolute(), held, disk, partial(progress, "restore"))
    if as_json:
        print_object({"held": True, "now_at_revision": migrations.HEAD, **manifest.model_dump(mode="json")})
    else:
        typer.echo(_next_steps(manifest))


def _next_steps(manifest: BackupManifest) -> str:
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
        "4. Show it the mail server's logs since then, oldest first: casebeat outbox --sent-log FILE. What left is not "
        "sent again, or only marked as a possible repeat.\n"
        "5. Release it: casebeat outbox --release."
    )


def stop(as_json: Json = False) -> None:  # noqa: FBT002
    """Stop the embedded PostgreSQL.

    It is the one under CASEBEAT_HOME (.casebeat in the checkout, if unset). Open transactions are rolled back; the data
    stays, and the next command starts it again. A server named by CASEBEAT_DATABASE_URL is not touched. Refused while
    casebeat serve runs, which would start it again.
    """
    home = settings().home
    serving.refuse_served(home)
    ran = postgres.stop(home)
    if as_json:
        print_object({"home": str(home), "ran": ran})
        return
    typer.echo(f"The embedded PostgreSQL under {home} {'was stopped' if ran else 'was not running'}.")

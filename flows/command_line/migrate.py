"""`casebeat migrate`."""

import typer

from models import migrations
from tasks.platform import database
from tasks.platform.migrate import migrate as bring_up


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("migrate")(migrate)


def migrate() -> None:
    """Bring the database's tables up to this code.

    It may be run again, and by two at once. The tables belong to the role of CASEBEAT_DATABASE_OWNER_URL, or else of
    CASEBEAT_DATABASE_URL; where casebeat_app (which may change all but the audit log) and casebeat_report (which may
    read) do not exist yet, that role must be allowed to create them. The embedded database is brought up by the first
    command that opens it, so that it needs this only after an upgrade, to see that all is well.
    """
    before = bring_up(database.owner_url())
    said = "was there already" if before == migrations.HEAD else f"was at revision {before}"
    typer.echo(f"The database is at revision {migrations.HEAD}; it {said}.")

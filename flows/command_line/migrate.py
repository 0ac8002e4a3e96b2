"""`casebeat migrate`."""

import typer

from models import migrations
from tasks.platform import database
from tasks.platform.migrate import migrate as bring_up


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("migrate")(migrate)


def migrate() -> None:
    """Upgrade the database's tables to this code.

    It may be run again, and twice at once. The tables belong to the role of CASEBEAT_DATABASE_OWNER_URL, or else of
    CASEBEAT_DATABASE_URL. If casebeat_app (which may change all but the audit log) and casebeat_report (which may read)
    do not exist yet, that role must be allowed to create them. The first command that opens the embedded database
    upgrades it, so there this command only confirms an upgrade.
    """
    before = bring_up(database.owner_url())
    earlier = "was there already" if before == migrations.HEAD else f"was at revision {before}"
    typer.echo(f"The database is at revision {migrations.HEAD}; it {earlier}.")

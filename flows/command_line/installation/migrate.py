"""`casebeat migrate`."""

import json
from typing import Annotated

import typer

from models import migrations
from tasks.servers import database
from tasks.servers.migrate import migrate as bring_up
from tasks.servers.migrate import refuse_two_databases, warnings


def migrate(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,  # noqa: FBT002
) -> None:
    """Upgrade the database's tables to this code.

    It may be run again, and twice at once. The tables belong to the role of CASEBEAT_DATABASE_OWNER_URL, or else of
    CASEBEAT_DATABASE_URL; both must name the same database. If casebeat_app (which may change all but the audit log)
    and casebeat_report (which may read) do not exist yet, that role must be allowed to create them. The first command
    that opens the embedded database upgrades it, so there this command only confirms an upgrade.
    """
    owner, application = database.owner_url(), database.application_url()
    refuse_two_databases(owner, application)
    before = bring_up(owner)
    faults = warnings(application)
    if as_json:
        typer.echo(json.dumps({"revision": migrations.HEAD, "before": before, "warnings": faults}))
        return
    earlier = "was there already" if before == migrations.HEAD else f"was at revision {before}"
    typer.echo(f"The database is at revision {migrations.HEAD}; it {earlier}.")
    for fault in faults:
        typer.echo(fault, err=True)

"""`casebeat stop`."""

import json
from typing import Annotated

import typer

from config.settings import settings
from tasks.servers import postgres, serving


def stop(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,  # noqa: FBT002
) -> None:
    """Stop the embedded PostgreSQL.

    It is the one under CASEBEAT_HOME (.casebeat in the checkout, if unset). Open transactions are rolled back; the data
    stays, and the next command starts it again. A server named by CASEBEAT_DATABASE_URL is not touched. Refused while
    casebeat serve runs, which would start it again.
    """
    home = settings().home
    serving.refuse_served(home)
    ran = postgres.stop(home)
    if as_json:
        typer.echo(json.dumps({"home": str(home), "ran": ran}))
        return
    typer.echo(f"The embedded PostgreSQL under {home} {'was stopped' if ran else 'was not running'}.")

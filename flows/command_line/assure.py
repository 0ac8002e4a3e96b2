"""`casebeat assure`."""

from typing import Annotated

import typer

from flows.assurance_steps import assure_now
from flows.clock import moment
from flows.command_line.exit_codes import DEGRADED
from flows.command_line.options import Json, print_object
from flows.configured import configured
from flows.typed import read_as_of
from tasks.platform.text import moment as shown
from tasks.rounds.assurance.conclusion import Assured


def assure(
    as_json: Json = False,  # noqa: FBT002
    as_of: Annotated[str | None, typer.Option(help="As on this day at 08:00 London, as 2026-03-16.")] = None,
) -> None:
    """Check whether every open case is watched, today's round is done and nothing is stuck.

    Run it every 5 minutes under a timer of its own: it needs no worker. Where today's round died, or has no end by
    07:00, it begins it again, at most three times a day; for what was loaded after it, it begins another. While all is
    well it sends the heartbeat; what is new it writes to operations.
    """
    configuration = configured()
    day = read_as_of(as_of)
    audit = assure_now(configuration, day, moment(day))
    if as_json:
        print_object(_object(audit))
    else:
        for finding in audit.findings:
            typer.echo(f"{finding.sentence[0].upper()}{finding.sentence[1:]}.")
        typer.echo(_last_line(audit))
    if audit.findings:
        raise typer.Exit(DEGRADED)


def _object(audit: Assured) -> dict[str, object]:
    return {
        "well": not audit.findings,
        "findings": [finding.sentence for finding in audit.findings],
        "heartbeat_at": audit.heartbeat_at.isoformat() if audit.heartbeat_at else None,
        "unseen": audit.unseen,
    }


def _last_line(audit: Assured) -> str:
    last = f"The last heartbeat: {shown(audit.heartbeat_at)}." if audit.heartbeat_at else "No heartbeat was sent yet."
    if not audit.findings:
        return f"{audit.message}. {last}"
    number = len(audit.findings)
    return f"{number} thing{'' if number == 1 else 's'} to look at. {last}"

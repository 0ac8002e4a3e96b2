"""`casebeat run`."""

import os
from datetime import datetime
from typing import Annotated, Any, cast

import typer

from config.london import london_day
from flows.clock import round_moment
from flows.round_steps import RoundResult, nobody_was_mailed, whole_round
from flows.typed_days import as_of as read_as_of
from models.errors import Refuse
from models.rules.arithmetic import format_day

DEGRADED = 1


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("run")(run)


def run(
    as_of: Annotated[str | None, typer.Option(help="The round of this day at 08:00 London, as 2026-03-16.")] = None,
    force: Annotated[str | None, typer.Option(help="Only this force, by its code, as 45.")] = None,
) -> None:
    """Run the daily round: project what changed, take the steps that are due, and deliver the messages.

    It may be run again at any time: no message is sent twice. With PREFECT_API_URL set it runs as a Prefect flow.
    """
    at = round_moment(read_as_of(as_of), force)
    made = _as_flow(at, force) if os.environ.get("PREFECT_API_URL") else whole_round(london_day(at), at, only=force)
    _print(made)
    if made.degraded:
        raise typer.Exit(DEGRADED)


def _as_flow(at: datetime, force: str | None) -> RoundResult:
    from flows.daily_round import daily_round  # noqa: PLC0415  Prefect takes a second to import

    try:
        made: Any = daily_round(as_of=at, force_code=force)
    except RuntimeError as error:
        if not str(error).startswith("Failed to reach API"):
            raise
        raise Refuse(
            "The Prefect server at PREFECT_API_URL cannot be reached: start it, or unset PREFECT_API_URL to run "
            "without Prefect. Nothing was done."
        ) from None
    return cast("RoundResult", made)


def _print(made: RoundResult) -> None:
    if made.intake and (made.intake.loaded or made.intake.refused):
        typer.echo(f"Intake: {made.intake.sentence}.")
    for force in made.forces:
        if force.account:
            account = force.account
            typer.echo(
                f"Force {force.force_code}: {account.evaluated + account.unchanged} of {account.to_project} cases "
                f"evaluated ({account.evaluated} now, {account.unchanged} unchanged; {account.open_cases} open), "
                f"{account.failed} failed, "
                f"{force.chased + force.escalated} steps taken, {force.notifications} notifications."
            )
        if force.failure:
            typer.echo(
                f"Force {force.force_code}: the round failed ({force.failure}). The other forces went on.", err=True
            )
    if not made.forces:
        typer.echo("No extract has been loaded yet: run casebeat intake FOLDER first.")
    for unit, failure in made.failures.items():
        typer.echo(f"{unit.capitalize()}: failed ({failure}).", err=True)
    if made.asked:
        typer.echo(f"{made.asked[0].upper()}{made.asked[1:]}.", err=True)
    if made.delivered:
        typer.echo(f"Delivery: {made.delivered.sentence}")
    if nobody_was_mailed():
        typer.echo("Nobody was mailed: no mail.host. The messages are in the Maildir mail/ under the data directory.")
    typer.echo(f"The round of {format_day(made.day)} is done{', degraded' if made.degraded else ''}.")

"""`casebeat run`."""

import os
from contextlib import nullcontext
from datetime import datetime
from typing import Annotated, Any, cast

import typer

from config.days.london import london_day
from flows.clock import moment, round_moment
from flows.command_line.exit_codes import DEGRADED
from flows.command_line.options import Json, OnlyForce, print_object
from flows.configured import configured
from flows.round_result import RoundResult
from flows.round_steps import nobody_was_mailed, whole_round
from flows.typed import read_as_of
from models.errors import Refuse
from models.rules.arithmetic import format_day
from tasks.platform.configuration import Configuration
from tasks.platform.text import number_of
from tasks.rounds.verdict import verdict
from tasks.servers import round_mark

_ENDS = {
    "Completed": "is done",
    "Degraded": "is done, degraded",
    "Failed": "failed in part: mend what is listed, and run it again; what was done is kept",
}


def run(
    as_of: Annotated[str | None, typer.Option(help="The round of this day at 08:00 London, as 2026-03-16.")] = None,
    force: OnlyForce = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Run the daily round: project what changed, take the steps that are due, and deliver the messages.

    It may be run again at any time: no message is sent twice. With PREFECT_API_URL set it runs as a Prefect flow.
    """
    configuration = configured()
    whole = as_of is None and force is None
    mark = round_mark.begun(configuration.settings.home, london_day(moment())) if whole else nullcontext()
    with mark:
        result = _run(configuration, as_of, force)
    if as_json:
        print_object(_object(result))
    else:
        _print(result)
    if result.state != "Completed":
        raise typer.Exit(DEGRADED)


def _run(configuration: Configuration, as_of: str | None, force: str | None) -> RoundResult:
    at = round_moment(configuration, read_as_of(as_of), force)
    if os.environ.get("PREFECT_API_URL"):
        return _as_flow(at, force)
    return whole_round(configuration, london_day(at), at, only=force)


def _as_flow(at: datetime, force: str | None) -> RoundResult:
    os.environ.setdefault("PREFECT_FLOWS_HEARTBEAT_FREQUENCY", "30")  # automations.yaml ends a run by its silence
    from prefect import tags  # noqa: PLC0415  Prefect takes a second to import

    from flows.daily_round import daily_round  # noqa: PLC0415
    from flows.states import NotDone  # noqa: PLC0415

    try:
        with tags("casebeat", "by-hand"):
            made: Any = daily_round(as_of=at, force_code=force)
    except NotDone as failed:
        return cast("RoundResult", failed.made)
    except RuntimeError as error:
        if not str(error).startswith("Failed to reach API"):
            raise
        raise Refuse(
            "The Prefect server at PREFECT_API_URL cannot be reached: start it, or unset PREFECT_API_URL to run "
            "without Prefect. Nothing was done."
        ) from None
    return cast("RoundResult", made)


def _object(result: RoundResult) -> dict[str, object]:
    forces = [
        {
            **(force.account._asdict() if force.account else {"force_code": force.force_code}),
            "steps": force.chased + force.escalated,
            "notifications": force.said,
            "failure": force.failure,
        }
        for force in result.forces
    ]
    delivered = dict(result.delivered.counts) if result.delivered else None
    trouble = list(verdict(result.content).trouble)
    return {
        "day": result.day.isoformat(), "state": result.state, "forces": forces, "delivered": delivered,
        "trouble": trouble,
    }  # fmt: skip


def _print(result: RoundResult) -> None:
    if result.intake and (result.intake.loaded or result.intake.refused or result.intake.held_ids):
        typer.echo(f"Intake: {result.intake.sentence}.")
    for force in result.forces:
        if force.account:
            steps = number_of(force.chased + force.escalated, "step")
            said = number_of(force.said, "notification")
            typer.echo(f"{_sentence(force.account.sentence)}, {steps} taken, {said}.")
    for one in verdict(result.content._replace(delivered=None)).trouble:  # what was delivered has a line of its own
        typer.echo(f"{_sentence(one)}.", err=True)
    if result.delivered:
        typer.echo(f"Delivery: {result.delivered.sentence}")
    if nobody_was_mailed():
        typer.echo("Nobody was mailed: no mail.host. The messages are in the Maildir mail/ under the data directory.")
    typer.echo(f"The round of {format_day(result.day)} {_ENDS[result.state]}.")


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"

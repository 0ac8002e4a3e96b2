"""`casebeat stalled`."""

import json
from typing import Annotated

import typer

from config.days.london import london_day
from flows.clock import moment
from flows.configured import configured
from flows.refresh import refresh
from flows.typed_days import as_of as read_as_of
from models.rules.arithmetic import format_day
from tasks.obligations import lists

REASON = ("rule", "subject", "owed_by", "due_on", "escalate_on")


def stalled(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,  # noqa: FBT002
    as_of: Annotated[str | None, typer.Option(help="The day to report on, as 2026-03-16.")] = None,
    force: Annotated[str | None, typer.Option(help="Only this force, by its code, as 45.")] = None,
) -> None:
    """List the stalled cases, the oldest stall first, each with its causes."""
    configuration = configured()
    at = moment(read_as_of(as_of))
    today = london_day(at)
    refresh(configuration, today, at, force)
    found = lists.stalled(today, force)
    inherited = 0
    for row in found:
        old = lists.inherited(configuration, row)
        inherited += old
        if as_json:
            case = {"force_code": row.force_code, "case_ref": row.case_ref, "urn": row.urn, "risk": row.risk}
            reasons = [dict(zip(REASON, reason, strict=True)) for reason in row.reasons]
            typer.echo(json.dumps({**case, "since": row.since.isoformat(), "inherited": old, "reasons": reasons}))
        else:
            rules = ", ".join(f"{reason[0]} owed by {reason[2]}" for reason in row.reasons)
            days = (today - row.since).days
            since = f"stalled since {format_day(row.since)} ({days} day{'' if days == 1 else 's'})"
            typer.echo(
                f"{row.force_code}/{row.case_ref}  {row.risk} risk, {since}{', inherited' if old else ''}: {rules}"
            )
    if not as_json:
        of_them = f", {inherited} of them inherited" if inherited else ""
        typer.echo(f"{len(found)} stalled case{'' if len(found) == 1 else 's'} on {format_day(today)}{of_them}.")

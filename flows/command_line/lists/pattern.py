"""`casebeat pattern`."""

import json
from typing import Annotated

import typer

from config.days.london import london_day
from flows.clock import moment
from flows.refresh import refresh
from flows.typed_days import as_of as read_as_of
from tasks.pattern import pattern_list
from tasks.pattern.pattern_list import PatternCase
from tasks.platform import templates


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("pattern")(pattern)


def pattern(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,  # noqa: FBT002
    as_of: Annotated[str | None, typer.Option(help="The day to report on, as 2026-03-16.")] = None,
    force: Annotated[str | None, typer.Option(help="Only this force, by its code, as 45.")] = None,
) -> None:
    """List the harassment cases that may be stalking by their facts, and what is recorded about why not.

    The policy has which facts list a case, under pattern. Cases that are restricted or bar anybody are left out.
    """
    at = moment(read_as_of(as_of))
    today = london_day(at)
    refresh(today, at, force)
    found = pattern_list.list_of(force)
    if as_json:
        for one in found:
            typer.echo(json.dumps(_object(one)))
    else:
        typer.echo(templates.command_output("pattern", {"day": today, "cases": found}), nl=False)


def _object(one: PatternCase) -> dict[str, object]:
    return {
        "case": one.reference,
        "urn": one.urn,
        "risk": one.risk,
        "signs": [
            {
                "sign": each.sign,
                "number": each.number,
                "since": each.since.isoformat() if each.since else None,
                "cases": [{"case": case.case, "force": case.force} for case in each.cases],
            }
            for each in one.signs
        ],
        "latest_on": one.reason.latest_on.isoformat(),
        "reason_recorded_on": one.reason.recorded_on.isoformat() if one.reason.recorded_on else None,
        "reason_unseen": one.reason.unseen,
    }

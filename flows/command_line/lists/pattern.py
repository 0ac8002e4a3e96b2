"""`casebeat pattern`."""

import json
from typing import Annotated

import typer

from config.days.london import london_day
from flows.clock import moment
from flows.configured import configured
from flows.refresh import refresh
from flows.typed_days import as_of as read_as_of
from tasks.pattern import PatternCase, list_of
from tasks.platform import templates


def pattern(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,  # noqa: FBT002
    as_of: Annotated[str | None, typer.Option(help="The day to report on, as 2026-03-16.")] = None,
    force: Annotated[str | None, typer.Option(help="Only this force, by its code, as 45.")] = None,
) -> None:
    """List the harassment cases that may be stalking by their facts, and what is recorded about why not.

    The policy has which facts list a case, under pattern. Cases that are restricted or bar anybody are left out.
    """
    configuration = configured()
    at = moment(read_as_of(as_of))
    today = london_day(at)
    refresh(configuration, today, at, force)
    cases = list_of(configuration, force)
    if as_json:
        for case in cases:
            typer.echo(json.dumps(_object(case)))
    else:
        typer.echo(templates.command_output("pattern", {"day": today, "cases": cases}), nl=False)


def _object(pattern_case: PatternCase) -> dict[str, object]:
    return {
        "case": pattern_case.reference,
        "urn": pattern_case.urn,
        "risk": pattern_case.risk,
        "signs": [
            {
                "sign": sign.sign,
                "number": sign.number,
                "since": sign.since.isoformat() if sign.since else None,
                "cases": [{"case": case.case, "force": case.force} for case in sign.cases],
            }
            for sign in pattern_case.signs
        ],
        "latest_on": pattern_case.reason.latest_on.isoformat(),
        "reason_recorded_on": pattern_case.reason.recorded_on.isoformat() if pattern_case.reason.recorded_on else None,
        "reason_unseen": pattern_case.reason.unseen,
    }

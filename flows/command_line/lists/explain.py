"""`casebeat explain`."""

import json
from dataclasses import asdict
from datetime import date
from typing import Annotated

import typer

from config.days.london import london_day
from flows.clock import moment
from flows.configured import configured
from flows.references import case_reference
from flows.refresh import refresh
from flows.typed_days import as_of as read_as_of
from tasks.obligations import explain as case_explained
from tasks.platform import templates


def explain(
    case: Annotated[str, typer.Argument(metavar="FORCE/CASE_REF", help="The case, as 45/1234.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,  # noqa: FBT002
    as_of: Annotated[str | None, typer.Option(help="The day to report on, as 2026-03-16.")] = None,
) -> None:
    """Explain what one case owes and why, what was done about it, and what comes next if nobody acts.

    Changed cases are projected first. Reasons given with a promise are shown here and nowhere else.
    """
    configuration = configured()
    force_code, case_ref = case_reference(case)
    at = moment(read_as_of(as_of))
    today = london_day(at)
    refresh(configuration, today, at, force_code)
    explanation = case_explained.explain(configuration, force_code, case_ref, today)
    typer.echo(
        json.dumps(asdict(explanation), default=_day)
        if as_json
        else templates.command_output("explain", vars(explanation)),
        nl=as_json,
    )


def _day(value: date) -> str:
    """Format days and moments as ISO 8601."""
    return value.isoformat()

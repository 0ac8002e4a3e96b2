"""`casebeat obligations`."""

import json
from typing import Annotated

import typer

from config.days.london import london_day
from flows.clock import moment
from flows.configured import configured
from flows.refresh import refresh
from flows.typed_days import as_of as read_as_of
from models.queries.obligations.listing import ObligationRow
from models.rules.arithmetic import format_day
from models.rules.obligations.severity import severity
from tasks.obligations import lists


def obligations(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,  # noqa: FBT002
    as_of: Annotated[str | None, typer.Option(help="The day for the severity, as 2026-03-16.")] = None,
    force: Annotated[str | None, typer.Option(help="Only this force, by its code, as 45.")] = None,
    case: Annotated[str | None, typer.Option(help="Only this case, by its case reference.")] = None,
) -> None:
    """List who owes what on every case, by when, and how late it is. Changed cases are projected first."""
    configuration = configured()
    at = moment(read_as_of(as_of))
    today = london_day(at)
    refresh(configuration, today, at, force)
    for row in lists.obligations(force, case):
        lateness = severity(row.due_on, row.remind_on, row.escalate_on, today)
        typer.echo(json.dumps(_object(row, lateness.value)) if as_json else _line(row, lateness.value))


def _object(row: ObligationRow, lateness: str) -> dict[str, object]:
    return {
        "force_code": row.force_code,
        "case_ref": row.case_ref,
        "urn": row.urn,
        "rule": row.rule,
        "subject": row.subject,
        "owed_by": row.owed_by,
        "due_on": row.due_on.isoformat(),
        "remind_on": row.remind_on.isoformat(),
        "escalate_on": row.escalate_on.isoformat(),
        "severity": lateness,
        "hard": row.hard,
        "version": row.version,
    }


def _line(row: ObligationRow, lateness: str) -> str:
    case = f"{row.force_code}/{row.case_ref}" if row.case_ref else "no case"
    subject = "" if row.subject == "case" else f" {row.subject}"
    hard = ", a statutory clock" if row.hard else ""
    return f"{case}  {row.rule}{subject}: {row.owed_by} by {format_day(row.due_on)}, {lateness}{hard}"

"""`casebeat notifications`."""

import json
from typing import Annotated

import typer

from flows.typed_days import read_day
from models.queries.obligations.listing import NotificationRow
from models.rules.arithmetic import format_day
from tasks.obligations import lists


def notifications(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,  # noqa: FBT002
    day: Annotated[str | None, typer.Option(help="Only those decided on this day, as 2026-03-16.")] = None,
    force: Annotated[str | None, typer.Option(help="Only this force, by its code, as 45.")] = None,
) -> None:
    """List the notifications: to whom, on which channel, and what became of each."""
    for row in lists.notifications(read_day(day), force):
        typer.echo(json.dumps({**row._asdict(), "day": row.day.isoformat()}) if as_json else _line(row))


def _line(row: NotificationRow) -> str:
    case = f"{row.force_code}/{row.case_ref}" if row.case_ref else "no case"
    subject = "" if row.subject == "case" else f" {row.subject}"
    who = f"{row.addressee} {row.contact_ref}" if row.contact_ref else row.addressee
    why = f" ({row.reason})" if row.reason else ""
    return f"{format_day(row.day)}  {case}  {row.rule}{subject}, {row.step}: {who} by {row.channel}, {row.state}{why}"

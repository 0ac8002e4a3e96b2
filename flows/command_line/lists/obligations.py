"""`casebeat obligations`, `casebeat stalled` and `casebeat notifications`."""

from typing import Annotated

import typer

from flows.command_line.options import JsonLines, OnlyForce, ReportDay, print_object
from flows.refresh import refreshed
from flows.typed import read_day
from models.queries.obligations.listing import NotificationRow, ObligationRow
from models.rules.arithmetic import format_day
from models.rules.obligations.severity import severity
from tasks.obligations import lists

_SHOWN = (
    "force_code", "case_ref", "urn", "rule", "subject", "owed_by", "due_on", "remind_on", "escalate_on", "severity",
    "hard", "version",
)  # fmt: skip
_REASON = ("rule", "subject", "owed_by", "due_on", "escalate_on")


def obligations(
    as_json: JsonLines = False,  # noqa: FBT002
    as_of: Annotated[str | None, typer.Option(help="The day for the severity, as 2026-03-16.")] = None,
    force: OnlyForce = None,
    case: Annotated[str | None, typer.Option(help="Only this case, by its case reference.")] = None,
) -> None:
    """List who owes what on every case, by when, and how late it is. Changed cases are projected first."""
    _, today = refreshed(as_of, force)
    for row in lists.obligations(force, case):
        lateness = severity(row.due_on, row.remind_on, row.escalate_on, today).value
        values = row._asdict() | {"severity": lateness}
        if as_json:
            print_object({name: values[name] for name in _SHOWN})
        else:
            hard = ", a statutory clock" if row.hard else ""
            typer.echo(f"{_about(row)}: {row.owed_by} by {format_day(row.due_on)}, {lateness}{hard}")


def stalled(as_json: JsonLines = False, as_of: ReportDay = None, force: OnlyForce = None) -> None:  # noqa: FBT002
    """List the stalled cases, the oldest stall first, each with its causes."""
    configuration, today = refreshed(as_of, force)
    found = lists.stalled(today, force)
    inherited = 0
    for row in found:
        old = lists.inherited(configuration, row)
        inherited += old
        if as_json:
            case = {"force_code": row.force_code, "case_ref": row.case_ref, "urn": row.urn, "risk": row.risk}
            reasons = [dict(zip(_REASON, reason, strict=True)) for reason in row.reasons]
            print_object({**case, "since": row.since, "inherited": old, "reasons": reasons})
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


def notifications(
    as_json: JsonLines = False,  # noqa: FBT002
    day: Annotated[str | None, typer.Option(help="Only those decided on this day, as 2026-03-16.")] = None,
    force: OnlyForce = None,
) -> None:
    """List the notifications: to whom, on which channel, and what became of each."""
    for row in lists.notifications(read_day(day), force):
        if as_json:
            print_object(row._asdict())
        else:
            who = f"{row.addressee} {row.contact_ref}" if row.contact_ref else row.addressee
            why = f" ({row.reason})" if row.reason else ""
            step = f"{_about(row)}, {row.step}: {who} by {row.channel}, {row.state}{why}"
            typer.echo(f"{format_day(row.day)}  {step}")


def _about(row: ObligationRow | NotificationRow) -> str:
    case = f"{row.force_code}/{row.case_ref}" if row.case_ref else "no case"
    subject = "" if row.subject == "case" else f" {row.subject}"
    return f"{case}  {row.rule}{subject}"

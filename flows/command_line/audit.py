"""`casebeat audit`."""

import json
from datetime import time, timedelta
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from config.days.london import at_london
from flows.clock import moment
from flows.command_line.account import account
from flows.command_line.exit_codes import FAILED
from flows.command_line.options import Json, print_object
from flows.command_line.progress import rows_shown
from flows.typed import case_reference, read_day
from models.errors import Refuse
from models.queries.audit_log.export import Asked
from tasks.audit_log import exporting, verifying
from tasks.audit_log.verifying import Verification
from tasks.platform.text import number_of

_HELP = "Check that no row of the audit log was changed, or export rows for an inspector."
audit = typer.Typer(no_args_is_help=True, help=_HELP, rich_markup_mode=None)


@audit.command(short_help="See whether a row was changed, removed or added.")
def verify(
    head: Annotated[
        list[str] | None,
        typer.Option(metavar="NUMBER:DIGEST", help="A head that a daily report or a lead's weekly letter named."),
    ] = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Compare every audit row with its seal, and name the first row that was changed, removed, added or misdated.

    With --head, as often as you like, it sees too whether the end was cut off, or all of it was written again; by
    itself only as far as reports of before are kept in the database. It says if the log's triggers are off. Exit code 1
    if anything does not hold.
    """
    with rows_shown() as progress:
        verification = verifying.verify(head or (), partial(progress, "audit"))
    typer.echo(json.dumps(verification._asdict()) if as_json else _text(verification, compared=bool(head)))
    if verification.broken:
        raise typer.Exit(FAILED)


def _text(verification: Verification, *, compared: bool) -> str:
    unsealed = f"{number_of(verification.unsealed, 'row')} not sealed yet"
    if verification.broken:
        return f"{verification.broken} From there on the audit log proves nothing ({unsealed})."
    covered = f"{number_of(verification.rows, 'row')} of {number_of(verification.seals, 'seal')}"
    begins = f" {verification.erasure}" if verification.erasure else ""
    head = f"Its head is {verification.head or 'not there yet'}."
    end = "" if compared else " Name the head of a daily report with --head: a cut of its end shows by that."
    return f"The audit log is as it was sealed: {covered}, {unsealed}.{begins} {head}{end}"


@audit.command(short_help="Write rows to a file for an inspector.")
def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file: NAME.csv, or NAME.jsonl for JSON lines.")],
    case: Annotated[str | None, typer.Option(metavar="FORCE/CASE_REF", help="Only rows of this case.")] = None,
    person: Annotated[
        str | None, typer.Option(metavar="REF", help="Only what this person or account did or was sent.")
    ] = None,
    since: Annotated[str | None, typer.Option(metavar="DAY", help="From this day on, as 2026-03-16.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="Up to this day, and with it.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object about the file.")] = False,  # noqa: FBT002
) -> None:
    """Write audit rows to a file for an inspector: who did what, when, to whom, and why, by references only.

    A row of a case is one about the case, its obligations, steps, messages, actions, sittings and outcomes. The export
    is itself in the audit log. The file is for your account alone (mode 0600).
    """
    first, last = read_day(since), read_day(until)
    if first and last and first > last:
        raise Refuse("--since is later than --until. Nothing was done.")
    asked = Asked(
        case=case_reference(case) if case else None,
        person=person,
        since=at_london(first, time(0)) if first else None,
        before=at_london(last + timedelta(days=1), time(0)) if last else None,
    )
    to = file.expanduser().absolute()
    with rows_shown() as progress:
        rows = exporting.export(to, asked, account(), moment(), partial(progress, "audit"))
    if as_json:
        print_object({"file": str(to), "rows": rows})
    else:
        typer.echo(f"{number_of(rows, 'audit row')} written to {to}.")

"""`casebeat checklist`."""

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from config.checklist import SAFETY
from config.days.london import london_day
from flows.clock import moment
from flows.configured import configured
from flows.references import case_reference
from flows.typed_days import as_of as read_as_of
from models.errors import Refuse
from tasks.obligations import checklist as task
from tasks.platform import templates
from tasks.platform.home import whole_file


def checklist(
    case: Annotated[str, typer.Argument(metavar="FORCE/CASE_REF", help="The case, as 45/1234.")],
    to: Annotated[
        Path | None, typer.Option(metavar="FILE.html", help="Write it as a page to print and fill in.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,  # noqa: FBT002
    as_of: Annotated[str | None, typer.Option(help="The day to report on, as 2026-03-16.")] = None,
) -> None:
    """Show the checklist of a case's referrals, the victim's safety first: present, missing, and whom to ask."""
    configuration = configured()
    if to and to.suffix.lower() != ".html":
        raise Refuse(f"{to} does not end in .html, which a browser prints: name it so. Nothing was done.")
    checklists = task.of_case(configuration, *case_reference(case), london_day(moment(read_as_of(as_of))))
    if to:
        with whole_file(to) as out:
            out.write(templates.page("checklist/page.html", **vars(checklists), first=SAFETY).encode())
        typer.echo(f"Written: {to}")
    if as_json:
        typer.echo(json.dumps(asdict(checklists), default=date.isoformat))
    elif not to:
        typer.echo(templates.command_output("checklist", {**vars(checklists), "first": SAFETY}), nl=False)

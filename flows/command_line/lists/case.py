"""`casebeat explain` and `casebeat checklist`: what there is of one case."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from config.checklist import SAFETY
from config.days.london import london_day
from flows.clock import moment
from flows.command_line.options import CaseArgument, Json, ReportDay, print_object
from flows.configured import configured
from flows.refresh import refreshed
from flows.typed import case_reference, read_as_of
from models.errors import Refuse
from tasks.obligations import checklist as referral
from tasks.obligations import explain as case_explained
from tasks.platform import templates, text
from tasks.platform.home import whole_file


def explain(case: CaseArgument, as_json: Json = False, as_of: ReportDay = None) -> None:  # noqa: FBT002
    """Explain what one case owes and why, what was done about it, and what comes next if nobody acts.

    Changed cases are projected first. Reasons given with a promise are shown here and nowhere else.
    """
    force_code, case_ref = case_reference(case)
    configuration, today = refreshed(as_of, force_code)
    explanation = case_explained.explain(configuration, force_code, case_ref, today)
    if as_json:
        typer.echo(text.as_json(explanation))
    else:
        typer.echo(templates.command_output("explain", vars(explanation)), nl=False)


def checklist(
    case: CaseArgument,
    to: Annotated[
        Path | None, typer.Option(metavar="FILE.html", help="Write it as a page to print and fill in.")
    ] = None,
    as_json: Json = False,  # noqa: FBT002
    as_of: ReportDay = None,
) -> None:
    """Show the checklist of a case's referrals, the victim's safety first: present, missing, and whom to ask."""
    configuration = configured()
    if to and to.suffix.lower() != ".html":
        raise Refuse(f"{to} does not end in .html, which a browser prints: name it so. Nothing was done.")
    checklists = referral.of_case(configuration, *case_reference(case), london_day(moment(read_as_of(as_of))))
    if to:
        with whole_file(to) as out:
            out.write(templates.page("checklist/page.html", **vars(checklists), first=SAFETY).encode())
        typer.echo(f"Written: {to}")
    if as_json:
        print_object(asdict(checklists))
    elif not to:
        typer.echo(templates.command_output("checklist", {**vars(checklists), "first": SAFETY}), nl=False)

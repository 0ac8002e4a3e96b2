"""`casebeat access`."""

import json
from pathlib import Path
from typing import Annotated

import typer

from config.days.london import london_day
from config.terms import Party
from flows.clock import moment
from flows.command_line.account import account
from flows.command_line.options import Json, ReportDay
from flows.configured import configured
from flows.typed import case_reference, read_as_of
from models.errors import Refuse
from tasks.access import case_disclosure, person_extract
from tasks.access.person_extract import PersonExtract
from tasks.platform import templates


def access(
    case: Annotated[str | None, typer.Argument(metavar="FORCE/CASE_REF", help="The case, as 45/1234.")] = None,
    party: Annotated[Party | None, typer.Option("--as", help="Whom the extract of the case is for.")] = None,
    person: Annotated[str | None, typer.Option(metavar="REF", help="In place of a case: a member of staff.")] = None,
    to: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A new file: NAME.html to read, or NAME.json for a program.")
    ] = None,
    as_json: Json = False,  # noqa: FBT002
    as_of: ReportDay = None,
) -> None:
    """Write what is held of a person, for that person: the victim or suspect of a case, or a member of staff.

    The extract of a case leaves out the other party, other people and what could harm the case; your disclosure officer
    reads it before it goes. Of staff it shows tables, counts and days, and why they stay. The file is for your account
    alone (mode 0600), and the audit log has it as a disclosure.
    """
    configuration = configured()
    today, file = london_day(moment(read_as_of(as_of))), to and to.expanduser().absolute()
    if person and not case and not party:
        extract = person_extract.of_person(person, account(), today, file)
        _print(extract, file, as_json=as_json)
    elif case and party and file and not person:
        written = case_disclosure.write(configuration, file, case_reference(case), party, account(), today)
        left_out = written.left_out._asdict()
        told = "\n".join([written.sentence, *(f"- {kind}" for kind in written.left_out.kinds)])
        typer.echo(json.dumps({**written._asdict(), "left_out": left_out}) if as_json else told)
    else:
        raise Refuse(
            "Name a case with --as victim or --as suspect and --to FILE, or else --person REF. Nothing was done."
        )


def _print(extract: PersonExtract, file: Path | None, *, as_json: bool) -> None:
    if as_json:
        typer.echo(person_extract.as_json(extract))
    elif file:
        typer.echo(f"Written: {file}. The audit log has it as a disclosure to {extract.contact_ref}.")
    else:
        typer.echo(templates.command_output("access", vars(extract)), nl=False)

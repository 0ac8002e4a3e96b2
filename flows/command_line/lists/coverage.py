"""`casebeat coverage`."""

import json
from typing import Annotated

import typer

from flows.configured import configured
from tasks.obligations import coverage as task
from tasks.platform import templates


def coverage(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,  # noqa: FBT002
) -> None:
    """Show for each source and rule whether its duties can be seen, and the columns that are lacking."""
    configuration = configured()
    found = task.coverage(configuration)
    if as_json:
        for seen in found:
            typer.echo(json.dumps({
                "source": seen.source, "agency": seen.agency, "covers": sorted(seen.covers), "rule": seen.rule,
                "seen": seen.seen, "lacking": [f"{column.file}: {column.name}" for column in seen.lacking],
            }))  # fmt: skip
    else:
        typer.echo(templates.command_output("coverage", {"sources": task.by_source(found)}), nl=False)

"""`casebeat coverage`."""

import typer

from flows.command_line.options import JsonLines, print_object
from flows.configured import configured
from tasks.obligations import coverage as task
from tasks.platform import templates


def coverage(as_json: JsonLines = False) -> None:  # noqa: FBT002
    """Show for each source and rule whether its duties can be seen, and the columns that are lacking."""
    configuration = configured()
    found = task.coverage(configuration)
    if as_json:
        for seen in found:
            print_object({
                "source": seen.source, "agency": seen.agency, "covers": sorted(seen.covers), "rule": seen.rule,
                "seen": seen.seen, "lacking": [f"{column.file}: {column.name}" for column in seen.lacking],
            })  # fmt: skip
    else:
        shown = {"sources": task.by_source(found), "danger": task.danger_seen(found)}
        typer.echo(templates.command_output("coverage", shown), nl=False)

"""Options that several commands take, and the JSON that `--json` prints."""

import json
from datetime import date
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="One JSON object.")]
JsonLines = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
CaseArgument = Annotated[str, typer.Argument(metavar="FORCE/CASE_REF", help="The case, as 45/1234.")]
ReportDay = Annotated[str | None, typer.Option(help="The day to report on, as 2026-03-16.")]
OnlyForce = Annotated[str | None, typer.Option(help="Only this force, by its code, as 45.")]


def print_object(values: object) -> None:
    """Print one JSON object on a line of its own. Days and moments are written in ISO 8601."""
    typer.echo(json.dumps(values, default=date.isoformat))


def answer(sentence: str, *, as_json: bool, **parts: object) -> None:
    """Print what was done: a sentence for people, whose words may change, or an object with it and its parts."""
    if as_json:
        print_object({**parts, "sentence": sentence})
    else:
        typer.echo(sentence)

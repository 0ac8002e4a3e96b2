"""The answer of a command that did something: its sentence, or one JSON object with the same and its parts."""

import json
from datetime import date

import typer

AS_JSON = typer.Option("--json", help="One JSON object.")


def answer(sentence: str, *, as_json: bool, **parts: object) -> None:
    """Print what was done. Days are written as 2026-03-16; the sentence is for people, and its words may change."""
    typer.echo(json.dumps({**parts, "sentence": sentence}, default=date.isoformat) if as_json else sentence)

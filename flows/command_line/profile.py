"""`casebeat profile`."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from config.sources.profile import SUFFIX, is_name
from flows.clock import moment
from flows.configured import configured
from models.errors import Refuse
from tasks.intake.profiles.proposal.composing import propose
from tasks.intake.profiles.proposal.questions import NONE_OF_THEM, Question, stays_open
from tasks.intake.trial import try_folders
from tasks.platform.configuration import Configuration
from tasks.platform.home import whole_file
from tasks.rounds import told_trial


def profile(
    folder: Annotated[Path, typer.Argument(help="A folder with a source's own export.")],
    to: Annotated[
        Path | None,
        typer.Option(metavar="SOURCE.yaml", help="Write it to this file, for you alone; by default, print it."),
    ] = None,
    *,
    no_input: Annotated[bool, typer.Option("--no-input", help="Ask nothing: leave its questions in it.")] = False,
    check: Annotated[bool, typer.Option(help="Then try it, as casebeat intake --check does.")] = True,
) -> None:
    """Propose a profile for a source's own export, from its headers and values, and say what it would come to.

    A comment on each column says how sure it is. Codes are named as they were found; no other cell is. Then the folder
    is loaded on trial by it and taken back. Correct it, and try it again with casebeat intake --check.

    Where two columns fit alike, or a guess might be wrong without a sign of it, it asks: at a terminal at once, else
    under ask in the profile, and that column is left out until somebody has answered.
    """
    configuration = configured()
    ask = _at_the_terminal if not no_input and sys.stdin.isatty() and sys.stdout.isatty() else stays_open
    proposal = propose(configuration, folder, ask)
    for why in proposal.left_out:
        typer.echo(f"casebeat: left out: {why}", err=True)
    for question in proposal.questions:
        typer.echo(f"casebeat: open question: {question.sentence}", err=True)
    for words in proposal.unknown:
        typer.echo(f"casebeat: unknown words: {words}", err=True)
    if to is None:
        typer.echo(proposal.text, nl=False)
    else:
        with whole_file(to) as out:
            out.write(proposal.text.encode())
        typer.echo(f"Written: {to}")
        typer.echo(f"Try it: casebeat intake --check --profile {to} {folder}")
    if check and proposal.lacks:
        typer.echo(f"casebeat: not tried: fill in first: {'; and '.join(proposal.lacks)}.", err=True)
    elif check:
        _try(configuration, folder, proposal.text)


def _try(configuration: Configuration, folder: Path, text: str) -> None:
    """Print what the folder would come to by the proposed profile, beside the profile itself."""
    with TemporaryDirectory() as made:
        profile = Path(made) / f"{folder.name if is_name(folder.name) else 'export'}{SUFFIX}"
        profile.write_text(text, "utf-8")
        try:
            (result,) = try_folders(configuration, [folder], moment(), profile=profile)
        except Refuse as why:
            typer.echo(f"casebeat: not tried: {why}", err=True)
            return
    typer.echo(f"\n{told_trial.text(configuration, result, None)}", nl=False, err=True)


def _at_the_terminal(question: Question) -> int | None:
    """Ask the person at the terminal; an empty answer leaves the question open."""
    typer.echo(f"\n{question.sentence}", err=True)
    for number, told in enumerate(question.told, 1):
        typer.echo(f"  {number}  {told}", err=True)
    typer.echo("  0  none of them", err=True)
    allowed = {str(number) for number in range(NONE_OF_THEM, len(question.told) + 1)} | {""}
    while (
        said := typer.prompt("Number, or nothing to leave it open", "", show_default=False, err=True)
    ) not in allowed:
        typer.echo(f"Write a number from 0 to {len(question.told)}.", err=True)
    return int(said) if said else None

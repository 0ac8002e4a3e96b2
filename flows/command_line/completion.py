"""`casebeat completion`, and the answers to a shell that completes."""

from enum import StrEnum
from typing import Annotated

import typer
from typer.completion import completion_init, get_completion_script  # type: ignore[attr-defined]

VARIABLE = "_CASEBEAT_COMPLETE"  # of the environment, where a shell asks what could be typed next


class Shell(StrEnum):
    """The shells that a script is there for."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


def completion(shell: Annotated[Shell, typer.Argument(metavar="SHELL", help="One of bash, zsh, fish.")]) -> None:
    """Print the script by which a shell completes commands, options and choices with the TAB key.

    bash: add eval "$(casebeat completion bash)" to ~/.bashrc. zsh: the same with zsh, in ~/.zshrc after compinit. fish:
    write it to ~/.config/fish/completions/casebeat.fish.
    """
    script = get_completion_script(prog_name="casebeat", complete_var=VARIABLE, shell=shell.value)  # nosec B604
    typer.echo(script)


def answer_shells() -> None:
    """Make Typer know the shells that may ask this process what could be typed next."""
    completion_init()

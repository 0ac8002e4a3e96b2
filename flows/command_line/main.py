"""The `casebeat` command. A command's module is imported when it is called, so that help stays fast.

Exit codes: 0 done; 1 done but degraded, or stopped by a fault; 2 refused, nothing done; 128 plus the signal's number if
a signal ended it. `casebeat assure` ends with 3 where a fault stopped it: its 1 is for what it found.
"""

import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

from flows.command_line import completion, stopping
from flows.command_line.exit_codes import FAILED, FAULT, REFUSED

_KEPT = "Committed work is kept; run"

# name: (module, its sentence in the list)
COMMANDS = {
    "demo": ("demo", "Run a made-up force for weeks, and show the results."),
    "assure": ("assure", "Check the day; begin a missed round again."),
    "health": ("health", "Answer /health, /ready and /metrics until stopped."),
    "intake": ("intake", "Load extract folders."),
    "profile": ("profile", "Propose how to read a source's own export."),
    "run": ("run", "Run the daily round."),
    "obligations": ("lists.obligations", "List who owes what, by when."),
    "explain": ("lists.case", "Explain what one case owes and why, and what was done."),
    "checklist": ("lists.case", "Show what a case's referral checklist lacks."),
    "coverage": ("lists.coverage", "Show which duties each source's columns let see."),
    "sittings": ("lists.sittings", "List the future sittings, and which case sits when."),
    "reviews": ("lists.reviews", "Show whether joint reviews are held in time."),
    "report": ("lists.report", "Report a month: what was due, held, late and lost."),
    "status": ("lists.status", "Show how the day goes, and what is wrong."),
    "stalled": ("lists.obligations", "List the cases that have stalled."),
    "pattern": ("lists.pattern", "List harassment cases that may be stalking, and why."),
    "agenda": ("lists.sittings", "Print a sitting's agenda, or list the future sittings."),
    "notifications": ("lists.obligations", "List the notifications and what became of them."),
    "outbox": ("outbox", "List messages; requeue, hold and release them."),
    "acknowledge": ("acts.acknowledge", "Take on an obligation until a day."),
    "complete-action": ("acts.complete_action", "Report that an action was done."),
    "confirm-risk": ("acts.confirm_risk", "Confirm that the grade of a case's risk is right."),
    "convene": ("acts.convene", "Move a case to another sitting."),
    "record-review": ("acts.record_review", "Record the outcome of a case at its sitting."),
    "hold": ("acts.hold", "Hold a case, so that no purge erases it."),
    "listen": ("listen", "Listen to the buttons of Slack messages."),
    "replies": ("replies", "Read the reply mailbox, and act on its mails."),
    "preview": ("preview", "Render each message to HTML files with sample data."),
    "rehearse": ("rehearse", "Try a policy on a copy of today's book."),
    "first-day": ("first_day", "Show what a force's first morning would say to whom."),
    "new": ("installation.new", "Write a force's own folder beside the checkout."),
    "doctor": ("installation.doctor", "Check the installation, and tell what to put right."),
    "access": ("access", "Write what is held of a person, for that person."),
    "audit": ("audit", "Check that no audit row was changed."),
    "migrate": ("installation.migrate", "Bring the database's tables up to this code."),
    "backup": ("installation.database", "Back up the database into one file."),
    "restore": ("installation.database", "Restore a backup into an empty database."),
    "purge": ("purge", "Erase what is past its time, or show what would go."),
    "prefect": ("installation.prefect", "Run a command of Prefect's that calls no other host."),
    "undo-rounds": ("undo_rounds", "Undo rounds of days that had not come yet."),
    "serve": ("installation.serve", "Run the whole installation until Ctrl-C."),
    "stop": ("installation.database", "Stop the embedded PostgreSQL."),
    "completion": ("completion", "Print the completion of a shell."),
}
# Typer's settings of a command whose arguments are another program's
_PASSED_ON = {
    "prefect": {"allow_extra_args": True, "ignore_unknown_options": True, "allow_interspersed_args": False},
}


class Commands(TyperGroup):
    """The table above as a group: listed from the table, and imported when called."""

    def __init__(self, **attributes: Any) -> None:
        stand_ins = [TyperCommand(name, help=sentence) for name, (_, sentence) in COMMANDS.items()]
        super().__init__(**attributes | {"commands": stand_ins})

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Return the command itself in place of its stand-in. Raises Typer's error for one that does not exist."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, load(name) if name else None, rest


app = typer.Typer(
    cls=Commands,
    name="casebeat",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _print_version(asked: bool) -> None:  # noqa: FBT001  Typer gives it so
    if asked:
        from importlib.metadata import version  # noqa: PLC0415  nothing else needs it

        from models import migrations  # noqa: PLC0415  as above

        made = Path(__file__).parents[2] / "RELEASE"  # a tag and its commit, in a release
        release = f" (release {', commit '.join(made.read_text('utf-8').split())})" if made.exists() else ""
        typer.echo(f"casebeat {version('casebeat')}{release}, tables at revision {migrations.HEAD}")
        raise typer.Exit


@app.callback()
def casebeat(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Keep the beat of stalking case reviews: who owes what, by when, and who is informed when a case stalls.

    Exit codes: 0 done, 1 done but degraded, 2 refused (nothing done).
    """
    del version


def load(name: str) -> Any:
    """Import a command's module, and return the command: its function of the same name, or its group of commands."""
    module = importlib.import_module(f"flows.command_line.{COMMANDS[name][0]}")
    command = getattr(module, name.replace("-", "_"))
    own = typer.Typer(add_completion=False, rich_markup_mode=None)
    own.callback()(lambda: None)
    if isinstance(command, typer.Typer):
        own.add_typer(command, name=name)
    else:
        own.command(name, context_settings=_PASSED_ON.get(name))(command)
    return get_group(own).commands[name]


def main() -> None:
    """Run the command of this process, and end it with the command's exit code."""
    stopping.heed()
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code. A fault becomes one sentence on standard error, never a traceback."""
    if completion.VARIABLE in os.environ:
        completion.answer_shells()
    try:
        _log()
        app(list(arguments), prog_name="casebeat")
    except SystemExit as ended:  # of a signal, or Typer's once it has said what was wrongly typed
        return ended.code if isinstance(ended.code, int) else 0
    except Exception as error:  # noqa: BLE001  the last handler: a traceback would print values
        code = _print_fault(error)
        return FAULT if code == FAILED and list(arguments[:1]) == ["assure"] else code
    return 0


def _log() -> None:
    """Log what this process prints, where its environment names it as a program of the installation."""
    if "CASEBEAT_LOGS__PROGRAM" in os.environ:
        from tasks.platform import logs  # noqa: PLC0415  help does not need it

        logs.begin()


def _print_fault(error: Exception) -> int:
    from models.errors import FORESEEN, database_fault, opaque  # noqa: PLC0415  help does not need it

    if isinstance(error, FORESEEN):
        typer.echo(f"casebeat: {error}", err=True)
        return REFUSED
    fault = opaque(error)
    if database_fault(error):
        typer.echo(f"casebeat: {fault[0].upper()}{fault[1:]}. {_KEPT} the command again once that is fixed.", err=True)
    else:
        typer.echo(_unforeseen(error), err=True)
    return FAILED


def _unforeseen(error: Exception) -> str:
    """Describe an unexpected fault by its class, number and place, which hold no values."""
    from tasks.platform import diagnosis  # noqa: PLC0415  help does not need it

    found = diagnosis.place(error)
    return (
        f"casebeat: an unexpected fault ({diagnosis.reason(error)}{f'; {found}' if found else ''}). Committed work is "
        "kept, and the command may be run again; if it fails again, pass this line on to operations."
    )


if __name__ == "__main__":
    main()

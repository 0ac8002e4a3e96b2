"""`casebeat prefect`."""

import typer

from tasks.platform import prefect_server


def register(app: typer.Typer) -> None:
    """Add the command."""
    passing_on = {"allow_extra_args": True, "ignore_unknown_options": True, "allow_interspersed_args": False}
    app.command("prefect", context_settings=passing_on)(prefect)


def prefect(context: typer.Context) -> None:
    """Run a command of Prefect's that calls no other host: `casebeat prefect server start`.

    By itself Prefect reports to its makers, and its server asks GitHub for the types of work pools.
    """
    prefect_server.become(context.args)

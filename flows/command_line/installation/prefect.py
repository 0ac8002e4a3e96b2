"""`casebeat prefect`."""

import typer

from config.settings import settings
from tasks.platform.sign_in import known_sign_in
from tasks.servers import prefect_server


def prefect(context: typer.Context) -> None:
    """Run a command of Prefect's that calls no other host: `casebeat prefect deployment ls`.

    Where PREFECT_API_URL is not set, it goes to the server of casebeat serve, with its sign-in. By itself Prefect
    reports to its makers, and its server asks GitHub for the types of work pools.
    """
    prefect_server.become(context.args, settings().home, settings().server.port, known_sign_in())

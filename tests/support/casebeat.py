"""The command line of an installation, in a process of its own or in this one."""

import os
from contextlib import redirect_stderr, redirect_stdout
from datetime import date
from io import StringIO

from config.days.london import london_day
from flows.clock import moment
from flows.command_line import main
from tests.support import preloaded
from tests.support.ran import Ran

CANARY = "Canary"


def casebeat(home, *arguments, **more):
    told = {**os.environ, "CASEBEAT_HOME": str(home), "CASEBEAT_CLOCK": "virtual", **more}
    return preloaded.run("from flows.command_line.main import main; main()", *arguments, env=told)


def run_cli(*arguments: str) -> Ran:
    """Run a command in this process: `run_cli("obligations", "--json")`."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main.run(arguments)
    return Ran(code, out.getvalue(), err.getvalue())


def today() -> date:
    """The day of these tests, which is the real one."""
    return london_day(moment())

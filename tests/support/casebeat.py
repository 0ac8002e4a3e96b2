"""The command line of an installation, in a process of its own."""

import os
from datetime import date

from config.days.london import london_day
from flows.clock import moment
from tests.support import preloaded

CANARY = "Canary"


def casebeat(home, *arguments, **more):
    told = {**os.environ, "CASEBEAT_HOME": str(home), "CASEBEAT_CLOCK": "virtual", **more}
    return preloaded.run("from flows.command_line.main import main; main()", *arguments, env=told)


def today() -> date:
    """The day of these tests, which is the real one."""
    return london_day(moment())

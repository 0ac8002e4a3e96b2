"""A process that a test begins, and stops while it works."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def begin(*arguments, **more):
    command = [sys.executable, "-c", "from flows.command_line.main import main; main()", *arguments]
    return subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "CASEBEAT_CLOCK": "virtual", **more}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip

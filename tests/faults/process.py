"""A process of Casebeat that a test can kill: forked after all imports, and watched from within."""

import gc
import multiprocessing
import os
import sys
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import flows.command_line.run  # noqa: F401  so that a fork has it
from config.days.london import london_day
from config.settings import settings
from flows import round_steps
from flows.assurance_steps import assure_now
from flows.command_line import main
from flows.configured import configured
from tasks.carriers.slack import api
from tasks.outbox import delivery
from tests.faults.boundaries import Boundaries

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.faults.process"])


@dataclass(frozen=True)
class Call:
    """The work of a process: a command, or a delivery, a round or an audit at its own moment."""

    folder: Path  # for its trace and its output
    env: dict[str, str] = field(default_factory=dict)
    command: tuple[str, ...] = ()
    deliver: datetime | None = None
    round_at: datetime | None = None
    assure_at: datetime | None = None
    kill_at: int | None = None
    watched: bool = True


def settings_here() -> dict[str, str]:
    """The settings of this process, and whom it trusts, for one that does the same work."""
    return {name: value for name, value in os.environ.items() if name.startswith(("CASEBEAT_", "SSL_CERT_"))}


class Process:
    """A running process. `code` is its exit code, -9 where it was killed."""

    def __init__(self, call: Call) -> None:
        call.folder.mkdir(parents=True, exist_ok=True)
        self.call = call
        self._process = _context.Process(target=_live, args=(call,))
        self._process.start()

    def kill(self) -> None:
        self._process.kill()

    @property
    def alive(self) -> bool:
        return self._process.is_alive()

    @property
    def pid(self) -> int:
        return int(self._process.pid or 0)

    def join(self, seconds: float = 600) -> int:
        self._process.join(seconds)
        code = self._process.exitcode
        if code is None:
            self.kill()
            self._process.join(10)
            raise AssertionError(f"did not end in {seconds} s: {self.call}\n{self.said}")
        self._process.close()
        return code

    @property
    def said(self) -> str:
        path = self.call.folder / "said"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    @property
    def crossed(self) -> list[str]:
        """The boundaries that it reached, in order."""
        path = self.call.folder / "trace"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _live(call: Call) -> None:
    gc.set_threshold(20_000)  # as in tests/conftest.py
    with (call.folder / "said").open("ab", buffering=0) as said:
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
    for name in [name for name in os.environ if name.startswith("CASEBEAT_")]:
        del os.environ[name]
    os.environ.update(call.env)
    api.PACE_SECONDS = 0.0  # the stand-in accepts any number of posts a second
    if call.watched:
        watching = Boundaries(call.folder / "trace", call.kill_at)
        watching.watch(settings().home, settings().drop)
    if call.deliver is not None:
        done = delivery.deliver(configured(), call.deliver)
        print(done.sentence)  # noqa: T201
        code = int(done.degraded)
    elif call.round_at is not None:
        code = int(round_steps.whole_round(configured(), london_day(call.round_at), call.round_at).state != "Completed")
    elif call.assure_at is not None:
        made = assure_now(configured(), call.assure_at, call.assure_at)
        print(made.message)  # noqa: T201
        code = int(bool(made.findings))
    else:
        code = main.run(call.command)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)

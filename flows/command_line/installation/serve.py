"""`casebeat serve`."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Annotated, TypeVar

import typer

from config.operations import LogsTo
from config.settings import PREFIX, settings
from flows.clock import moment
from flows.command_line import stopping
from flows.configured import configured
from models import migrations
from tasks.outbox import first_start
from tasks.platform import sign_in, text
from tasks.rounds.assurance import automations, zombies
from tasks.servers import child, database, prefect_server, serving, work_pool
from tasks.servers.migrate import make_tables
from tasks.servers.prefect_api import Api
from tasks.servers.serving import Embedded, Program, Timed

ROOT = Path(__file__).parents[3]
COMMAND = "flows.command_line.main"
CHOICES = "flows.forms.choices"  # a deployment begins without them
AUDIT_EVERY = 300.0  # seconds
FIRST_AUDIT = 30.0  # seconds after the start: by then the worker is online, and takes a round that is begun again
P = TypeVar("P", Program, Embedded, Timed)


def serve(
    now: Annotated[bool, typer.Option("--now", help="At the first start: let the first letters leave.")] = False,  # noqa: FBT002
) -> None:
    """Run the whole installation until Ctrl-C, on one machine.

    It starts PostgreSQL (embedded, unless CASEBEAT_DATABASE_URL names yours), makes the tables of an empty database,
    and runs Prefect's server with a sign-in, the pool, the deployments, the automations, a worker, the auditor every 5
    minutes, the health door, and the listener to Slack's buttons where they are set. Tables of an older version are
    refused: back up, then casebeat migrate. A program that ends is started again. Everything listens on this machine
    only, and Prefect calls no other host.

    The first start asks before the first letter: nothing leaves until casebeat doctor --first says go, or with --now.

    Ctrl-C lets runs in progress end, at most 2 minutes, and ends everything, the embedded PostgreSQL too. A second
    Ctrl-C ends at once. It may be started again at any time, also after a crash of the machine.
    """
    home, port = settings().home, settings().server.port
    with serving.only_one(home):
        for taken, setting in ((port, "PORT"), (settings().server.health_port, "HEALTH_PORT")):
            serving.refuse_taken(taken, f"CASEBEAT_SERVER__{setting}")
        with ExitStack() as ending:
            running = _Installation(home, port, sign_in.sign_in(), ending)
            running.start_database()
            _ask_first(now=now)
            running.start_server()
            running.start_work()
            running.watch()
    typer.echo("Everything has ended.")


@dataclass
class _Installation:
    """The programs that run, each of which is ended in the opposite order of their starts."""

    home: Path
    port: int
    password: str = field(repr=False)
    ending: ExitStack
    programs: list[Program | Embedded] = field(default_factory=list)

    @property
    def api(self) -> Api:
        return Api(self.variables["PREFECT_API_URL"], self.password)

    @property
    def variables(self) -> dict[str, str]:
        return _absolute_paths() | prefect_server.environment(self.home, self.port, self.password)

    @property
    def files(self) -> bool:
        """Return whether each program has a log of its own."""
        return settings().logs.to is LogsTo.FILES

    def start_database(self) -> None:
        """Start the embedded PostgreSQL where something uses it, and make the tables of an empty database.

        Raises Refuse for tables of another version: nobody asked for an upgrade.
        """
        if settings().database_url is None or prefect_server.own_database() is None:
            self._add(Embedded(self.home))
        made = make_tables(database.owner_url())
        which = "yours, of CASEBEAT_DATABASE_URL" if settings().database_url else f"embedded, under {self.home}"
        new = " They are new." if made else ""
        typer.echo(f"PostgreSQL: {which}; the tables are at revision {migrations.HEAD}.{new}")

    def start_server(self) -> None:
        """Start Prefect's server, and deploy to it."""
        own = prefect_server.server_environment(self.home, self.port, self.password, prefect_server.own_database())
        asked = Api(self.api.url, patience=5).answers
        server = self._add(
            Program(self.home, "server", prefect_server.SERVER, self.variables | own, answers=asked, to_file=self.files)
        )
        prefect_server.wait_for_health(server.start(), self.home, self.api.url, _report)
        typer.echo(f"Prefect: {self.api.url.removesuffix('/api')}; its sign-in is {sign_in.where()}.")
        prefect_server.outlive(self._deploy, _report)
        typer.echo("Deployments: those of prefect.yaml. Schedules that operations switched stay as they are.")

    def _deploy(self) -> None:
        prefect_server.deploy(self.home, self.api.url, ROOT, self.password)
        automations.apply(self.api)
        subprocess.run([sys.executable, "-m", CHOICES], env=child.full_environment(self.variables), check=True)  # noqa: S603

    def start_work(self) -> None:
        """Start the worker, the auditor, the health door and the listener."""
        prefect_server.outlive(lambda: work_pool.release(self.api, self.home), _report)
        name = zombies.worker_name()
        worker = [*prefect_server.WORKER, "--name", name]
        self._program("worker", worker, before=self._end_dead_runs).start()
        self.ending.callback(self._let_runs_end)
        typer.echo(f"Worker: {name}, on the pool {work_pool.POOL}.")
        first = time.monotonic() + FIRST_AUDIT
        audit = [COMMAND, "assure"]
        self._add(Timed(self.home, "auditor", audit, self.variables, due=first, every=AUDIT_EVERY, to_file=self.files))
        typer.echo("Auditor: every 5 minutes.")
        self._program("health", [COMMAND, "health"])
        typer.echo(f"Health: http://127.0.0.1:{settings().server.health_port}/health, /ready and /metrics.")
        if settings().slack.buttons:
            self._program("listener", [COMMAND, "listen"])
            typer.echo("Listener: to the buttons of Slack's messages.")

    def watch(self) -> None:
        """Keep the programs running until a signal."""
        stop = threading.Event()

        def end(number: int, _: FrameType | None) -> None:
            if stop.is_set():
                os.write(2, b"casebeat: ended at once. Runs in progress were cut off; the next start looks at them.\n")
                os._exit(stopping.ENDED_BY_SIGNAL + number)
            stop.set()

        stopping.leave_to(end)
        signal.signal(signal.SIGHUP, end)  # the terminal was closed
        logs = child.log_of(self.home, "*") if self.files else "these lines"
        typer.echo(f"Logs: {logs}. Casebeat runs until Ctrl-C; a second one ends at once.")
        while not stop.wait(1):
            for program in self.programs:
                program.tend(_report)

    def _program(self, name: str, arguments: list[str], before: Callable[[], None] | None = None) -> Program:
        """Add a program, which is started at the next look."""
        return self._add(Program(self.home, name, arguments, self.variables, before=before, to_file=self.files))

    def _add(self, program: P) -> P:
        self.programs.append(program)
        self.ending.callback(program.end)
        return program

    def _end_dead_runs(self) -> None:
        with suppress(OSError):  # the server has ended: its automations end them when it is back
            zombies.end_zombies(self.api, moment(), before_worker=True)

    def _let_runs_end(self) -> None:
        with suppress(OSError):  # the server has ended: nothing can be asked of it
            work_pool.hold(self.api, self.home)
            if count := work_pool.runs_in_progress(self.api):
                _report(f"Waiting for runs in progress ({count}), at most {work_pool.PATIENCE / 60:.0f} minutes.")
            work_pool.wait_for_runs(self.api)


def _ask_first(*, now: bool) -> None:
    if first_start.ask(configured(), moment(), now=now):
        typer.echo(
            "First start: nothing leaves yet. casebeat doctor --first looks at everything, and lets the first letters "
            "leave."
        )


def _report(sentence: str) -> None:
    with suppress(OSError):  # nobody reads it any more
        typer.echo(f"{text.moment(moment())}: {sentence}")


def _absolute_paths() -> dict[str, str]:
    """Return the settings that are paths as variables: children run in another folder."""
    paths = {f"{PREFIX}{name.upper()}": str(value) for name, value in settings() if isinstance(value, Path)}
    secrets = os.environ.get(f"{PREFIX}SECRETS_DIR")
    return {**paths, **({f"{PREFIX}SECRETS_DIR": str(Path(secrets).absolute())} if secrets else {})}

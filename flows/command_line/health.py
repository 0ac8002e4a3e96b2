"""`casebeat health`."""

import threading

import typer

from config.settings import settings
from flows.clock import moment
from flows.command_line import stopping
from flows.configured import configured
from tasks.rounds.health import door, readiness


def health() -> None:
    """Answer /health, /ready and /metrics on this machine until stopped, for what watches the machine.

    /health: this program lives. /ready: settings, database, Prefect's server and a worker are there; 503 if not.
    /metrics: counts and ages for Prometheus, by force, source and channel; nothing names a case or a person.
    """
    stop = threading.Event()
    with door.opened(settings().server.health_port, lambda: readiness.look(configured, moment())) as port:
        stopping.leave_to(lambda *_: stop.set())
        typer.echo(f"Health: http://127.0.0.1:{port}/health, /ready and /metrics. Stop with Ctrl-C.")
        stop.wait()

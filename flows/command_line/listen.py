"""`casebeat listen`."""

import threading
from typing import Annotated

import typer

from flows.clock import moment, working_day
from flows.command_line import stopping
from flows.configured import configured
from tasks.replies.slack_clicks import health
from tasks.replies.slack_listening import Listener

_UNREACHED = "Slack does not answer yet: it is tried again every half a minute. Stop with Ctrl-C."


def listen(
    check: Annotated[bool, typer.Option("--check", help="Only report whether a listener runs; code 1 if not.")] = False,  # noqa: FBT002
) -> None:
    """Listen to the buttons of Slack messages until stopped. No port is opened: Casebeat calls Slack.

    Nothing else waits for it. A click without a listener is lost; the command and the form do the same.
    """
    configuration = configured()
    if check:
        healthy, report = health(configuration.settings, moment())
        typer.echo(report)
        raise typer.Exit(code=0 if healthy else 1)
    listener, stop = Listener(configuration, configuration.settings, moment, working_day), threading.Event()
    answered = listener.sign_in()

    def end(*_: object) -> None:
        stop.set()
        listener.wake()

    stopping.leave_to(end)
    typer.echo("Listening to Slack's buttons. Stop with Ctrl-C." if answered else _UNREACHED)
    listener.run(stop)
    typer.echo("No longer listening.")

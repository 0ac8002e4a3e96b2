"""`casebeat outbox`."""

import json
from typing import Annotated

import typer

from config.settings import settings
from flows.clock import moment
from flows.command_line.account import account
from models.errors import Refuse
from models.queries.outbox.outbox_list import ListedMessage
from tasks.outbox import handling as box
from tasks.platform.text import moment as said
from tasks.platform.text import number_of


def outbox(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, or one for what was done.")] = False,  # noqa: FBT002
    everything: Annotated[bool, typer.Option("--all", help="Include sent and silenced messages.")] = False,  # noqa: FBT002
    hold: Annotated[bool, typer.Option("--hold", help="Stop every carrier until --release.")] = False,  # noqa: FBT002
    release: Annotated[bool, typer.Option("--release", help="Start the carriers again.")] = False,  # noqa: FBT002
    requeue: Annotated[str | None, typer.Option(metavar="KEY", help="Queue a dead message again.")] = None,
) -> None:
    """List the messages that wait or failed; stop the carriers, start them again, or requeue a message.

    After a wrong extract: --hold at once. The hold survives restarts. On release, each waiting message is checked
    against the current facts.
    """
    if hold + release + (requeue is not None) > 1:
        raise Refuse("Give one of --hold, --release and --requeue. Nothing was done.")
    if hold:
        box.hold(account(), moment())
        held = "The outbox is held: nothing leaves until casebeat outbox --release."
        typer.echo(json.dumps({"held": True}) if as_json else held)
    elif release:
        changed = box.release(account())
        released = "The outbox is released." if changed else "The outbox was not held. Nothing was done."
        typer.echo(json.dumps({"held": False, "changed": changed}) if as_json else released)
    elif requeue is not None:
        box.requeue(requeue, moment())
        typer.echo(json.dumps({"queued": requeue}) if as_json else f"{requeue} is queued again.")
    else:
        _list(as_json=as_json, everything=everything)


def _list(*, as_json: bool, everything: bool) -> None:
    overview = box.overview(everything=everything)
    for message in overview.listed:
        typer.echo(json.dumps(_object(message)) if as_json else _line(message))
    if as_json:
        return
    for pause in overview.pauses:
        name = settings().route(pause.channel).name
        typer.echo(
            f"{name} cannot be used since {said(pause.since)} ({pause.why}; tried: {pause.tries}). "
            f"It is tried again from {said(pause.until)}, or at once after casebeat outbox --release."
        )
    counts = ", ".join(f"{number} {state}" for state, number in sorted(overview.counts.items())) or "no message yet"
    held = "The outbox is held: casebeat outbox --release starts it again." if overview.held else ""
    typer.echo(f"{counts}. {held}".rstrip())


def _object(message: ListedMessage) -> dict[str, object]:
    return {**message._asdict(), "due_at": message.due_at.isoformat()}


def _line(message: ListedMessage) -> str:
    reason = f": {message.reason}" if message.reason else ""
    tries = number_of(message.attempts, "try", "tries")
    return f"{message.state:8} {message.key}  due {said(message.due_at)}, {tries}{reason}"

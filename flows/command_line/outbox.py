"""`casebeat outbox`."""

import json
from pathlib import Path
from typing import Annotated

import typer

from config.settings import settings
from flows.clock import moment
from flows.command_line.account import account
from flows.configured import configured
from flows.typed import read_day
from models.errors import Refuse
from models.queries.outbox.outbox_list import ListedMessage
from tasks.outbox import handling as box
from tasks.outbox import sent_log as sent_logs
from tasks.platform.text import moment as said
from tasks.platform.text import number_of


def outbox(  # noqa: PLR0913, PLR0917  one parameter for each thing that it does
    key: Annotated[str | None, typer.Argument(metavar="[KEY]", help="A dead message, for --requeue.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, or one for what was done.")] = False,  # noqa: FBT002
    everything: Annotated[bool, typer.Option("--all", help="Include sent and silenced messages.")] = False,  # noqa: FBT002
    hold: Annotated[bool, typer.Option("--hold", help="Stop every carrier until --release.")] = False,  # noqa: FBT002
    release: Annotated[bool, typer.Option("--release", help="Start the carriers again.")] = False,  # noqa: FBT002
    requeue: Annotated[bool, typer.Option("--requeue", help="Queue a dead message again, or those of a code.")] = False,  # noqa: FBT002
    since: Annotated[str | None, typer.Option(metavar="DAY", help="Requeue what was tried since a day.")] = None,
    reason: Annotated[
        str | None, typer.Option(metavar="CODE", help="Requeue what died of a code, as 550 or '550 5.7.1'.")
    ] = None,
    sent_log: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="After a restore: mark what a mail server's log shows to have left."),
    ] = None,
) -> None:
    """List the messages that wait or failed; stop the carriers, start them again, or requeue messages.

    After a wrong extract: --hold at once. The hold survives restarts. On release, each waiting message is checked
    against the current facts.

    After a relay that refused everybody: --requeue --since DAY --reason CODE.

    After a restore, before --release: --sent-log FILE, once for each log of the mail server since the backup.
    """
    if hold + release + requeue + bool(sent_log) > 1:
        raise Refuse("Give one of --hold, --release, --requeue and --sent-log. Nothing was done.")
    if not requeue and (key or since or reason):
        raise Refuse("KEY, --since and --reason are for --requeue. Nothing was done.")
    if hold:
        _hold(as_json=as_json)
    elif release:
        _release(as_json=as_json)
    elif requeue:
        _requeue(key, since, reason, as_json=as_json)
    elif sent_log:
        marked = sent_logs.mark(configured(), sent_log, moment())
        typer.echo(json.dumps(marked._asdict()) if as_json else marked.sentence)
    else:
        _list(as_json=as_json, everything=everything)


def _hold(*, as_json: bool) -> None:
    box.hold(account(), moment())
    held = "The outbox is held: nothing leaves until casebeat outbox --release."
    typer.echo(json.dumps({"held": True}) if as_json else held)


def _release(*, as_json: bool) -> None:
    changed = box.release(account())
    released = "The outbox is released." if changed else "The outbox was not held. Nothing was done."
    typer.echo(json.dumps({"held": False, "changed": changed}) if as_json else released)


def _requeue(key: str | None, since: str | None, reason: str | None, *, as_json: bool) -> None:
    day = read_day(since)
    if key is not None and day is None and reason is None:
        box.requeue(key, moment())
        typer.echo(json.dumps({"queued": key}) if as_json else f"{key} is queued again.")
    elif key is None and day is not None and reason is not None:
        keys = box.requeue_many(day, reason, moment())
        again = f"{number_of(len(keys), 'message is', 'messages are')} queued again."
        typer.echo(json.dumps({"queued": keys}) if as_json else again)
    else:
        raise Refuse("Give --requeue a KEY, or --since DAY and --reason CODE. Nothing was done.")


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

"""`casebeat replies`."""

import json
from typing import Annotated

import typer

from config.days.london import london_day
from flows import round_steps
from flows.clock import working_moment
from flows.command_line.options import Json
from flows.configured import configured
from flows.refresh import refresh
from flows.typed import read_as_of
from tasks.replies import read_mailbox as duty


def replies(
    as_json: Json = False,  # noqa: FBT002
    as_of: Annotated[str | None, typer.Option(hidden=True, help="The day of reading.")] = None,
) -> None:
    """Read the reply mailbox once and act on its mails: promises, actions done, "not mine", "status", "show".

    Each mail is handled once, however often it is met, and answered through the outbox. Without a mailbox in the
    settings (CASEBEAT_REPLIES__HOST or CASEBEAT_REPLIES__MAILDIR) nothing is done.
    """
    configuration = configured()
    at = working_moment(read_as_of(as_of))
    today = london_day(at)
    if duty.waiting(configuration):
        refresh(configuration, today, at)
    result = duty.read(configuration, today, at)
    if result.completed:
        refresh(configuration, today, at)
        for force_code in duty.changed_meetings(at):
            round_steps.joint_reviews_now(configuration, force_code, today, at)
    counts = {"configured": result.configured, "counts": result.counts, "failed": result.failed}
    typer.echo(json.dumps(counts) if as_json else result.sentence)
    raise typer.Exit(code=int(result.degraded))

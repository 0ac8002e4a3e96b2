"""`casebeat undo-rounds`."""

import json
from typing import Annotated

import typer

from config.days.london import london_day
from flows.clock import moment
from flows.command_line.account import by_command
from flows.command_line.options import Json
from flows.configured import configured
from flows.typed import read_as_of, read_day
from models.errors import Refuse
from models.rules.arithmetic import format_day
from tasks.platform import templates
from tasks.rounds.undo_rounds import Undone, UndoRequest, undo


def undo_rounds(
    after: Annotated[str, typer.Option(metavar="DAY", help="The last day that has come, as 2026-11-26.")],
    by: Annotated[str, typer.Option(metavar="CONTACT_REF", help="The lead or SPOC who asks for it.")],
    as_json: Json = False,  # noqa: FBT002
    as_of: Annotated[str | None, typer.Option(hidden=True, help="The day of the request.")] = None,
) -> None:
    """Undo the rounds of days that had not come, after a wrong clock; no other round can be undone.

    Their steps, messages and agendas become void, obligations and sittings are as they were before, and each person who
    was written to gets one correction. Facts, promises and outcomes that people gave stay. First set the clock right,
    stop what runs rounds, and hold the outbox (casebeat outbox --hold). It may be run again: nothing is undone twice.
    """
    configuration = configured()
    day = read_day(after)
    if day is None:
        raise Refuse("Name the last day that has come: --after 2026-11-26. Nothing was done.")
    at = moment(read_as_of(as_of))
    undoing = undo(configuration, UndoRequest(day, by), by_command(by), london_day(at), at)
    typer.echo(json.dumps(_object(undoing)) if as_json else _sentences(undoing, by))


def _object(undoing: Undone) -> dict[str, object]:
    counts = undoing.account._asdict() if undoing.account else {}
    before = undoing.before_on.isoformat() if undoing.before_on else None
    return {"days": [day.isoformat() for day in undoing.days], **counts, "undone_before_on": before}


def _sentences(undoing: Undone, by: str) -> str:
    if undoing.account is None:
        on = format_day(undoing.before_on) if undoing.before_on else ""
        return f"These rounds were undone on {on}. Nothing was done."
    words = {"days": undoing.days, "by": by, **undoing.account._asdict()}
    return templates.render_text("parts/undone.txt", words).strip()

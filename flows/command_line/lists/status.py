"""`casebeat status`."""

import json
from datetime import date
from typing import Annotated, Any

import typer

from flows.clock import moment
from flows.command_line.exit_codes import DEGRADED
from flows.command_line.options import Json
from flows.configured import configured
from flows.typed import read_as_of
from tasks.rounds.status.installation import Status, look
from tasks.rounds.status.matters import matters, printed


def status(
    as_json: Json = False,  # noqa: FBT002
    as_of: Annotated[str | None, typer.Option(help="The day to report on, at 08:00, as 2026-03-16.")] = None,
) -> None:
    """Show today's round of each force, the feeds, the outbox, the last audit, and what waits for a person.

    The same is the page "status" in the Prefect UI. Exit code 1: something is wrong.
    """
    configuration = configured()
    found = look(configuration, moment(read_as_of(as_of)))
    typer.echo(json.dumps(_object(found), ensure_ascii=False) if as_json else printed(found), nl=as_json)
    if matters(found).wrong:
        raise typer.Exit(DEGRADED)


def _object(found: Status) -> dict[str, Any]:
    seen = matters(found)
    made: dict[str, Any] = _plain({"headline": seen.headline, **seen._asdict(), **found._asdict()})
    return made


def _plain(value: object) -> Any:
    """Return a value as JSON has it: moments and days in ISO 8601."""
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "_asdict"):
        return _plain(value._asdict())
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, tuple | list) else value

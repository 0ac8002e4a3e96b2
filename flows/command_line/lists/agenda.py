"""`casebeat agenda`."""

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from config.days.london import LONDON, london_day
from flows.clock import moment
from flows.configured import configured
from flows.refresh import refresh
from flows.typed_days import as_of as read_as_of
from models.errors import Refuse
from tasks.messages.agenda import send_agendas
from tasks.platform import templates


def agenda(
    sitting: Annotated[
        str | None, typer.Argument(metavar="[SITTING_REF]", help="The sitting, as 45-south-east-2026-03-17.")
    ] = None,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Also write it as a page to print.")] = None,
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="Also write its list.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, or one a sitting.")] = False,  # noqa: FBT002
    as_of: Annotated[str | None, typer.Option(help="The day to report on, as 2026-03-16.")] = None,
) -> None:
    """Print a sitting's current agenda, or list the future sittings.

    Changed cases are projected first. Restricted cases are counted, and not shown: they are mailed to the chair and the
    SPOCs who may read them.
    """
    configuration = configured()
    at = moment(read_as_of(as_of))
    today = london_day(at)
    if sitting is None:
        if html or csv:
            raise Refuse(
                "Name the sitting whose agenda is to be written: casebeat agenda SITTING_REF. Nothing was done."
            )
        _list(today, as_json=as_json)
        return
    refresh(configuration, today, at)
    message = send_agendas.to_print(configuration, sitting, today)
    for file, written in ((html, message.html), (csv, message.csv or "")):
        if file is not None:
            _write(file, written)
    text = f"{message.subject}\n\n{message.text}"
    typer.echo(json.dumps({"sitting_ref": sitting, "text": text}) if as_json else text, nl=as_json)


def _list(today: date, *, as_json: bool) -> None:
    sittings = send_agendas.to_come(today)
    if not as_json:
        typer.echo(templates.render_text("agenda/coming.txt", {"sittings": sittings}), nl=False)
        return
    for sitting in sittings:
        starts = sitting.starts_at.astimezone(LONDON).isoformat()
        typer.echo(json.dumps({"sitting_ref": sitting.ref, "starts_at": starts, "cases": sitting.cases}))


def _write(file: Path, written: str) -> None:
    try:
        file.write_text(written, "utf-8", newline="")
    except OSError as error:
        raise Refuse(f"{file} cannot be written ({error.strerror}): name another file.") from None

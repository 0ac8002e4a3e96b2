"""`casebeat sittings` and `casebeat agenda`."""

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from config.days.london import LONDON, london_day
from flows.clock import moment
from flows.command_line.options import OnlyForce, ReportDay, print_object
from flows.configured import configured
from flows.refresh import refresh, refreshed
from flows.typed import read_as_of
from models.errors import Refuse
from models.rules.arithmetic import format_day
from models.rules.reviews.convening_book import SittingAhead
from tasks.messages.agenda import send_agendas
from tasks.platform import templates
from tasks.platform.text import number_of
from tasks.reviews import sitting_list
from tasks.reviews.sitting_list import ListedCase, SittingList


def sittings(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object for each convened or due case.")] = False,  # noqa: FBT002
    as_of: ReportDay = None,
    force: OnlyForce = None,
) -> None:
    """List the future sittings, which case sits when, what is late, and what has no place.

    Changed cases are projected first. Only the daily round convenes.
    """
    configuration, today = refreshed(as_of, force)
    found = sitting_list.sittings(configuration, force, today)
    for case in found.cases if as_json else ():
        print_object(_object(case))
    if not as_json:
        _print_sittings(found)
    if found.chairless:
        what = number_of(found.chairless, "due case")
        typer.echo(
            f"{what} without a chair who may hear of it, so that no round convenes it: give one of the sittings "
            "another chair in panels.yaml, or have the review held apart.",
            err=True,
        )
    if found.waiting:
        what = "1 due case waits" if found.waiting == 1 else f"{found.waiting} due cases wait"
        typer.echo(
            f"{what} to be convened although there is room: the next round does it, or casebeat run now.", err=True
        )


def _object(case: ListedCase) -> dict[str, object]:
    line = case.line
    return {
        "sitting_ref": line.sitting_ref,
        "day": line.day,
        "starts_at": line.starts_at.astimezone(LONDON).isoformat() if line.starts_at else None,
        "force_code": line.force_code,
        "cps_area": line.cps_area,
        "case_ref": line.review.case_ref,
        "due_on": line.due_on,
        "deadline_on": case.deadline_on,
        "late": case.late,
    }


def _print_sittings(found: SittingList) -> None:
    """Print each sitting with its cases and free places, the cases without one, and how many are late."""
    there: dict[str | None, list[ListedCase]] = {}
    for case in found.cases:
        there.setdefault(case.line.sitting_ref, []).append(case)
    coming = {sitting.ref for sitting in found.ahead}
    for ref in [ref for ref in there if ref is not None and ref not in coming]:
        typer.echo(f"{_day(there[ref][0])}  {ref}: has been held; its outcomes are awaited")
        _print_cases(there[ref])
    for sitting in found.ahead:
        typer.echo(_sitting(sitting))
        _print_cases(there.get(sitting.ref, []))
    if None in there:
        typer.echo("Without a sitting")
        _print_cases(there[None])
    late = sum(case.late for case in found.cases)
    cases = "1 case is" if len(found.cases) == 1 else f"{len(found.cases)} cases are"
    ahead = "1 sitting" if len(found.ahead) == 1 else f"{len(found.ahead)} sittings"
    typer.echo(f"{cases} convened or due, {late} of them late; {ahead} to come.")


def _print_cases(cases: list[ListedCase]) -> None:
    for case in cases:
        line = case.line
        late = "" if not case.late else f", late: it should sit by {format_day(case.deadline_on)}"
        risk = line.review.risk.value
        typer.echo(f"  {line.force_code}/{line.review.case_ref}  {risk} risk, due {format_day(line.due_on)}{late}")


def _day(case: ListedCase) -> str:
    return format_day(case.line.day) if case.line.day else ""


def _sitting(sitting: SittingAhead) -> str:
    starts = f"{sitting.starts_at.astimezone(LONDON):%H:%M}"
    taken, free = len(sitting.slots), max(0, sitting.places - len(sitting.slots))
    return (
        f"{format_day(sitting.day)} {starts}  {sitting.ref}: force {sitting.force_code} and {sitting.cps_area}, "
        f"{taken} of {sitting.places} places taken, {free} free; chair {sitting.chair_ref}; {sitting.place}"
    )


def agenda(
    sitting: Annotated[
        str | None, typer.Argument(metavar="[SITTING_REF]", help="The sitting, as 45-south-east-2026-03-17.")
    ] = None,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Also write it as a page to print.")] = None,
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="Also write its list.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, or one a sitting.")] = False,  # noqa: FBT002
    as_of: ReportDay = None,
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
        _list_coming(today, as_json=as_json)
        return
    refresh(configuration, today, at)
    message = send_agendas.to_print(configuration, sitting, today)
    for file, written in ((html, message.html), (csv, message.csv or "")):
        if file is not None:
            _write(file, written)
    text = f"{message.subject}\n\n{message.text}"
    typer.echo(json.dumps({"sitting_ref": sitting, "text": text}) if as_json else text, nl=as_json)


def _list_coming(today: date, *, as_json: bool) -> None:
    sittings = send_agendas.to_come(today)
    if not as_json:
        typer.echo(templates.render_text("agenda/coming.txt", {"sittings": sittings}), nl=False)
        return
    for sitting in sittings:
        starts = sitting.starts_at.astimezone(LONDON).isoformat()
        print_object({"sitting_ref": sitting.ref, "starts_at": starts, "cases": sitting.cases})


def _write(file: Path, written: str) -> None:
    try:
        file.write_text(written, "utf-8", newline="")
    except OSError as error:
        raise Refuse(f"{file} cannot be written ({error.strerror}): name another file.") from None

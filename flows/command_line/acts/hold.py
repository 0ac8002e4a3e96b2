"""`casebeat hold`."""

import re
from typing import Annotated

import typer

from config.days.london import london_day
from config.retention import HoldReason
from flows.clock import moment
from flows.command_line.account import by_command
from flows.command_line.options import Json, answer, print_object
from flows.configured import configured
from flows.typed import case_reference, read_as_of
from models.errors import Refuse
from models.rules.arithmetic import format_day
from tasks.retention import holds as task
from tasks.retention.holds import HoldWish

_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,39}", re.ASCII)


def hold(
    case: Annotated[
        str | None, typer.Argument(metavar="FORCE/CASE_REF", help="The case, as 45/1234; without one, list the holds.")
    ] = None,
    by: Annotated[str | None, typer.Option(metavar="CONTACT_REF", help="The person who asks for it.")] = None,
    reason: Annotated[HoldReason | None, typer.Option(help="Why it must be kept.")] = None,
    reference: Annotated[
        str | None,
        typer.Option(metavar="REF", help="Of the file that it is for, elsewhere; with --release, only its holds."),
    ] = None,
    release: Annotated[bool, typer.Option("--release", help="Release its holds: all, or that for --reason.")] = False,  # noqa: FBT002
    as_json: Json = False,  # noqa: FBT002
    as_of: Annotated[str | None, typer.Option(hidden=True, help="The day of the request.")] = None,
) -> None:
    """Hold a case, so that no purge erases it, nor the cases of its URN; list the holds, or release them.

    The audit log since its opening and the text of its messages stay too. A SPOC or a lead of its force or CPS Area may
    ask for it, who may read of the case. It lasts until it is released; who placed it is told of both.
    """
    configuration = configured()
    if case is None:
        _list(as_json=as_json)
        return
    named, at = case_reference(case), moment(read_as_of(as_of))
    if by is None or (reason is None and not release):
        raise Refuse("Give --by, and --reason or --release. Nothing was done.")
    if reference is not None and not _REFERENCE.fullmatch(reference):
        raise Refuse("--reference is of letters, digits and . _ / - only. Nothing was done.")
    do = task.release if release else task.hold
    result = do(configuration, named, HoldWish(reason, reference), by_command(by), london_day(at), at)
    answer(result.sentence, as_json=as_json, **named._asdict(), by=by, changed=result.changed)


def _list(*, as_json: bool) -> None:
    found = task.standing()
    for kept in found:
        day = london_day(kept.held_at)
        if as_json:
            print_object({**kept._asdict(), "held_at": kept.held_at.isoformat()})
        else:
            ref = f" {kept.reference}" if kept.reference else ""
            typer.echo(
                f"{kept.force_code}/{kept.case_ref}  {kept.reason}{ref}, since {format_day(day)}, by {kept.by_ref}"
            )
    if not found and not as_json:
        typer.echo("No case is held.")
